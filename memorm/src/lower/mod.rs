//! Statements as SQL: the same question, for SQLite or PostgreSQL.
//!
//! ```text
//!   Select, Rows, Groups   ┐                       ┌─► text         SELECT "id" FROM "items" WHERE "qty" > ?
//!   Insert, Update, Delete ├─► Writer (a dialect) ─┤
//!   TableMeta ─────────────┘                       └─► parameters   [3]
//! ```
//!
//! Must stay true: every value of a statement becomes a parameter, never text; every operator of [`Code`] is written so
//! that the server computes what memorm does, as far as the server can (see [`Dialect`]); what has no SQL is an error,
//! never left out. Expressions are written with a stack of pieces, so that a condition of a million parts is a loop;
//! only questions in questions recurse, which are limited where they are built.
//!
//! A renderer of its own and no builder library: the plan is flat data with about forty operators already, and a
//! builder would need each of them translated into its own tree first, which is as long as writing the text.
//!
//! Not here: a connection to a server, and reading what it answers.
//!
//! [`Code`]: crate::expr::Code

mod after;
mod aggregate;
mod date;
mod dialect;
mod expression;
mod order;
mod query;
mod question;
mod schema;
mod set;
mod text;
mod write;
mod writer;

pub use dialect::{Dialect, Sql};
pub(crate) use query::plan_to_sql;

#[cfg(test)]
mod tests;
