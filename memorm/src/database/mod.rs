//! The newest version, and who may replace it.
//!
//! ```text
//!   Database ──► Shared ── head: Mutex<Link<World>>   read: copy the pointer    publish: swap it, or write in place
//!                       ├─ counters                  keys for `auto` columns, never handed out twice
//!                       ├─ turns                     committers that keep losing wait here, in order
//!                       ├─ precedence                a transaction that keeps losing runs while nobody else commits
//!                       ├─ observers                 feeds and hooks: told of each commit
//!                       ├─ alive                     superseded versions that somebody still holds
//!                       └─ sessions                  how many are open, and what readers leave to them to be freed
//! ```
//!
//! The lock is held to copy or to swap a pointer, or to write up to 16,384 prepared rows in place (a few
//! milliseconds). No code of the user runs under it. A mutex and not an atomic pointer: reading a pointer and raising
//! its count must be one step.

mod alive;
mod background;
mod builder;
mod changed;
mod checkpoints;
mod commit_changes;
mod counters;
mod diff;
mod exclusive;
mod feed;
mod handle;
mod history;
mod hooks;
mod isolation;
mod merge;
mod observers;
mod precedence;
mod replace;
mod sessions;
mod shared;
mod snapshot;
mod stats;
mod sync;
mod transaction;
mod turn;

pub use alive::HeldVersion;
pub use builder::Builder;
pub use changed::Changed;
pub use commit_changes::{CommitChanges, Lagged};
pub use diff::Diff;
pub use feed::Feed;
pub use handle::Database;
pub use hooks::Hook;
pub use isolation::Isolation;
pub use merge::Merged;
pub(crate) use shared::Shared;
pub use snapshot::Snapshot;
pub use stats::Stats;
#[cfg(feature = "async")]
pub(crate) use {
    precedence::{First, goes_first},
    transaction::back_off,
};
