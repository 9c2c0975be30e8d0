//! Sessions: one unit of work, from its first read to its commit.
//!
//! ```text
//!   base v7 (shared) ──► pending: the rows written so far      get, add, update …: looked up there, then in the base
//!                           │                                   what an index finds: base and pending rows, merged
//!                           │ first other query or cascade
//!                           ▼
//!                        private: base + own rows, a world      statements run here; later writes go to both
//!                           │ commit
//!                           ▼
//!        head is still v7?  in place (few rows, nobody else looks) or swap the root
//!        head moved on?     validate row by row, rebase on the head, check again, publish
//! ```
//!
//! | file | idea |
//! |---|---|
//! | `work` | the rows written so far, and finding them |
//! | `unit` | base, work and private version together: one view |
//! | `lookup` | one row by key, by unique value, by place |
//! | `entries` | writes of a row: into the work and the private version |
//! | `savepoints` | undoing a part |
//! | `patch` | an update statement that is computed and not written yet |
//! | `rows`, `update` | add, merge, delete of one row; update of one |
//! | `spare` | replaced rows, to be refilled |
//! | `cascade` | what a delete reaches |
//! | `constraints` | what is checked at the end of a call, a statement, a commit |
//! | `commit`, `rebase` | prepare and publish; onto a head that has moved on |
//! | `validate` | whether what a serializable session has read still holds |
//! | `handle`, `upsert`, `nested`, `publish` | `Session`: the typed calls |
//! | `exclusive`, `direct` | `Exclusive`: the same calls, each straight into the newest version |
//! | `source`, `query`, `iter`, `groups`, `writes` | statements and what they run on |
//! | `bulk` | what a write statement does to its rows |
//! | `dynamic`, `fit` | statements by the names of columns |
//! | `reading` | which statements do without the private version |
//! | `related`, `load`, `with` | from rows to related rows: of one, of many at once |
//!
//! Must stay true: a published version is never changed while anybody can see it; a failed call leaves the session as
//! it was before the call.

mod bulk;
mod cascade;
mod changes;
mod commit;
mod constraints;
mod direct;
mod dynamic;
mod entries;
mod exclusive;
mod fit;
mod groups;
mod handle;
mod iter;
mod load;
mod lookup;
mod nested;
mod outcome;
mod patch;
mod publish;
mod query;
mod reading;
mod rebase;
mod related;
mod rows;
mod savepoints;
mod source;
mod spare;
mod unit;
mod update;
mod upsert;
mod validate;
mod with;
mod work;
mod writes;

pub use changes::Changes;
pub use dynamic::DynamicQuery;
pub use exclusive::Exclusive;
pub use handle::Session;
pub(crate) use handle::not_found_of;
pub use iter::Iter;
pub use load::{Load, Nested};
pub use outcome::{UpdateFn, UpdateResult};
pub use query::Query;
pub use savepoints::Savepoint;
pub use source::{BorrowSource, Source, Target};
#[cfg(feature = "async")]
pub(crate) use source::{Held, View};
pub use with::With;
pub use writes::Write;
