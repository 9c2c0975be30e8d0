//! One version of the database: all tables, as a value.
//!
//! ```text
//!   World v7 ──► tables by number ──► Table ──► rows, indexes
//!     │ clone: one pointer a table
//!     ▼
//!   World v8     shares every table that was not written
//! ```
//!
//! Two versions have a difference (`change`), three a merge (`merge`, row by row in `merge_rows`, keys in `rekey`), one a hash (`hash`).
//!
//! Must stay true: a world that somebody else can see is never changed. Foreign keys are the only rules that need two
//! tables, and they live here. Not here: who may publish a world, and when.

mod change;
mod consistency;
mod dynamic;
mod foreign_keys;
mod hash;
mod life;
mod limits;
mod merge;
mod merge_rows;
mod reach;
mod reads;
mod rekey;
mod related;
mod remains;
mod resolve;
mod version;

pub use change::Change;
pub use dynamic::DynamicTable;
pub(crate) use foreign_keys::{Child, dangling};
pub use hash::StateHash;
pub(crate) use limits::{Budget, Limits};
pub(crate) use reach::Reach;
pub(crate) use reads::{Reads, TableReads};
pub(crate) use remains::Remains;
pub use resolve::{MergeConflict, Rekeyed, Resolution, Resolve};
pub use version::Version;
pub(crate) use version::World;
