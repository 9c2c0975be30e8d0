//! The newest version, and who may replace it.
//!
//! ```text
//!   Database ──► Shared ── head: Mutex<Arc<World>>   read: copy the pointer    publish: swap it, or write in place
//!                       ├─ counters                  keys for `auto` columns, never handed out twice
//!                       └─ turn                      committers that keep losing wait here, in order
//! ```
//!
//! The lock is held to copy or to swap a pointer, or to write up to 16,384 prepared rows in place (a few
//! milliseconds). No code of the user runs under it. A mutex and not an atomic pointer: reading a pointer and raising
//! its count must be one step.

mod builder;
mod counters;
mod handle;
mod isolation;
mod shared;
mod snapshot;
mod transaction;

pub use builder::Builder;
pub use handle::Database;
pub use isolation::Isolation;
pub(crate) use shared::Shared;
pub use snapshot::Snapshot;
