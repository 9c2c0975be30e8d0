//! Live results: a query that is kept up to date from what changed.
//!
//! ```text
//!   Live ── the version it is right for ─┐
//!     │                                  ├─ structural difference ─► rows that left, rows that came
//!     │     the newest version ──────────┘                             │ filter, keys: of these rows alone
//!     ├── places of the rows that pass, in the order of the result ◄───┤
//!     └── or groups: their row ids, tallies and results            ◄───┘ then a pass over the touched groups, for some
//! ```
//!
//! Live results are pulled: a commit does nothing for them and waits for none. A difference exists between any two
//! versions, so the same result moves to a fork, a checkpoint or a snapshot, forth and back.
//!
//! Must stay true: the rows equal those of the query run again on the same version. What cannot be kept up to date is run
//! again. Not here: waiting for a change; feeds do.

mod groups;
mod handle;
mod kept;
mod look;
mod order;
mod rows;
mod tally;
mod touched;

pub use handle::Live;
