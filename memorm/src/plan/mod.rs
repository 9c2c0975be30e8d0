//! From a statement to rows.
//!
//! ```text
//!   Plan ──resolve──► Plan         questions inside of it are answered and replaced by values and keys
//!    │
//!    └────conjuncts──► Access     a key, an index range, several of them, or the whole table: what costs least
//!                         │
//!                         ▼
//!                       Scan       blocks of rows in row order, filtered by the batch
//!                         │
//!                         ▼
//!                       Run        windows, order, distinct, offset, limit; pulled, so that `first` stops early
//!                         │          (or rows in the order of an index, from where the filter lets them begin)
//!                         │
//!                         ▼
//!                       Frame      rows by slot: typed again by the terminal, or projected batch by batch
//! ```
//!
//! In the middle of a transaction an `Overlay` takes the place of the access path: what an index finds in the base, and what
//! was written on top.
//!
//! Must stay true: the access path changes how many rows are looked at, never which come out, nor their order.
//! A filter that can fail is evaluated for every row. Compiled once for all models.
//! Not here: sessions, and anything that writes.

mod access;
mod after;
mod aggregate;
mod batch;
mod distinct;
mod explain;
mod fold;
mod frame;
mod group;
mod join;
mod overlay;
#[cfg(feature = "rayon")]
mod parallel;
mod project;
mod related;
mod resolve;
mod run;
mod scan;
mod set;
mod sort;
mod source;
mod top;
mod walk;
mod way;
mod window;

pub(crate) use aggregate::aggregate;
pub(crate) use batch::FrameBatch;
pub(crate) use explain::explain;
pub use explain::{Explain, JoinExplain};
pub(crate) use group::{Grouped, group};
pub(crate) use overlay::{Overlay, can_be_overlaid};
pub(crate) use project::{project, values};
pub(crate) use resolve::{
    have_questions, resolve, resolve_code, resolve_filter, resolve_items, resolve_terms,
};
pub(crate) use run::{Group, Run};
pub(crate) use scan::{Scan, arithmetic_error};
