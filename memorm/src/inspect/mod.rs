//! Looking in: results, tables and versions as text and as figures.
//!
//! ```text
//!   TableMeta ──► Schema ──► Mermaid, DOT
//!   World     ──► dump       a golden file
//!             ──► TableStats rows and bytes
//! ```
//!
//! Must stay true: equal states give equal text, whatever the order in which models were first used. Not here: which
//! versions are alive, and how many commits there were; the database knows.

mod diagram;
mod dump;
#[cfg(feature = "table")]
mod print;
mod schema;
mod sizes;

pub(crate) use dump::dump;
#[cfg(feature = "table")]
pub(crate) use print::print_table;
pub use schema::Schema;
pub use sizes::TableStats;
