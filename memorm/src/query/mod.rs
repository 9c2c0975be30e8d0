//! Statements: what is to be done, as plain data.
//!
//! ```text
//!   select::<Item>().filter(..).select(..)  ─►  Rows<T> { plan: Plan, read }     the type at the edge
//!                                                         │
//!                                                         ▼
//!                                               tables, filters, order, items    no types: compiled once
//! ```
//!
//! Must stay true: a statement is `Clone + Send + Sync + 'static` and borrows nothing, so that it runs again on any
//! session, snapshot or fork; chaining `filter` never changes its type.
//! Not here: running a statement.

mod after;
mod from_row;
mod groups;
mod join;
mod late;
mod plan;
mod rows;
mod select;
mod subquery;
mod write;

pub use after::{After, OneTable};
pub use from_row::FromRow;
pub use groups::{Grouped, Groups};
pub use join::{Join, JoinKind, On, Place, Placed, Route};
pub(crate) use plan::slot_name;
pub use plan::{Grouping, Origin, Plan, SetOperation};
pub use rows::Rows;
#[doc(hidden)]
pub use select::Unscoped;
pub use select::{Select, select};
pub use subquery::{Asked, Subselect, exists};
pub use write::{Delete, Insert, Returning, Update, delete, insert, update};

#[cfg(test)]
mod tests;
