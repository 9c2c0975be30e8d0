//! Values without their Rust type, one at a time and by the batch.
//!
//! ```text
//!   Value   owned      what plans, literals, `mappings` and dynamic rows hold
//!   Cell    borrowed   one field of one row, as indexes and constraints read it
//!   Vector  a batch    one column of many rows, as filters and projections read it
//! ```
//!
//! All three share one total order (PostgreSQL's): `None` greatest, NaN equal to itself and greater than every
//! number, `-0.0` equal to `0.0`, text by bytes. Hashes agree with that order.

mod cell;
mod from;
mod hash;
#[cfg(feature = "json")]
mod json;
mod key_set;
mod kind;
mod owned;
mod show;
mod vector;

pub use cell::Cell;
pub(crate) use hash::{hash_cell, hash_cells};
#[cfg(feature = "json")]
pub use json::JsonLane;
pub use key_set::KeySet;
pub use kind::Kind;
pub use owned::Value;
#[cfg(feature = "json")]
pub(crate) use owned::compare_json;
pub(crate) use show::show_key;
pub use vector::{Cells, Fault, Lane, Vector};
