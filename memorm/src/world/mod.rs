//! One version of the database: all tables, as a value.
//!
//! ```text
//!   World v7 ──► tables by number ──► Table ──► rows, indexes
//!     │ clone: one pointer a table
//!     ▼
//!   World v8     shares every table that was not written
//! ```
//!
//! Must stay true: a world that somebody else can see is never changed. Foreign keys are the only rules that need two
//! tables, and they live here. Not here: who may publish a world, and when.

mod change;
mod consistency;
mod dynamic;
mod foreign_keys;
mod reach;
mod related;
mod version;

pub use change::Change;
pub use dynamic::DynamicTable;
pub(crate) use foreign_keys::{Child, dangling};
pub(crate) use reach::Reach;
pub use version::Version;
pub(crate) use version::World;
