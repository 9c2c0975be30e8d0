//! Typed objects in RAM, with what a database gives: keys, indexes, constraints, typed queries, transactions.
//!
//! A version of the whole database is a value. A commit swaps a pointer, a rollback drops one; a
//! [`snapshot`](Database::snapshot) or a [`fork`](Database::fork) copies one. That suits simulations, back-testers, games,
//! prototypes and tests: keep the state before each step, try something on a fork, compare, throw it away.
//!
//! ```
//! use memorm::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! #[model(table = "items", constructor = new)]
//! struct Item {
//!     #[model(primary_key, auto)]
//!     id: u64,
//!     #[model(unique)]
//!     sku: String,
//!     #[model(index)]
//!     price: f64,
//!     qty: i64,
//! }
//!
//! let db = Database::new();
//! let mut session = db.session();
//! let bolt = session.add(Item::new("A-17", 0.25, 100))?; // Arc<Item>, its key is assigned
//! session.add(Item::new("A-18", 0.5, 0))?;
//! session.commit()?;
//!
//! let before = db.snapshot();
//! db.transaction(|s| s.update::<Item>(bolt.id, |item| item.qty -= 1))?; // retried on a conflict
//! let in_stock = select::<Item>().filter(Item::QTY.gt(0) & Item::PRICE.lt(1)).order_by(Item::PRICE);
//! assert_eq!(in_stock.one(&db)?.qty, 99);
//! assert_eq!(in_stock.one(&before)?.qty, 100);
//!
//! let error = session.add(Item::new("A-17", 1.0, 1)).unwrap_err();
//! assert_eq!(error.to_string(), r#"duplicate value for items.sku: "A-17" (already used by id 1)"#);
//! # Ok::<_, memorm::Error>(())
//! ```
//!
//! # Where to read on
//!
//! The [`guide`] has a chapter for each question: a [first program](guide::quick_start), [models](guide::models),
//! [sessions](guide::sessions), [statements](guide::statements) and their [clauses](guide::queries), the [rules](guide::rules),
//! [errors](guide::errors), [coming from elsewhere](guide::porting), the [design](guide::design) and when it is the wrong tool,
//! [performance](guide::performance). Reference pages to begin with: [`Database`], [`Session`], [`Snapshot`],
//! [`select`](query::select), [`Expression`](expr::Expression), [`derive(Model)`](macro@Model).
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | gives |
//! |---|---|
//! | `async` | `AsyncDatabase`, on any runtime |
//! | `chrono`, `jiff`, `time` | their date and time types as columns; `date()`, `year()` … of timestamps |
//! | `json` | `serde_json::Value` as a column; `.json("$.a.b[0]")` |
//! | `rust_decimal`, `smol_str`, `ulid`, `uuid` | their types as columns |
//! | `rayon` | filters, aggregates, groups and sorts of large tables on all cores |
//! | `tracing` | spans for statements, commits, conflicts and retries |
//! | `table` | `to_table`: a query's result as printed text |
//!
//! # Layers
//!
//! Each line uses only those below it; a test reads the sources and fails where one does not.
//!
//! ```text
//!   guide
//!   asynchronous      live                sessions whose commits are awaited; results kept up to date
//!   session + database                    units of work; the newest version
//!   plan     lower    inspect             statements at work; statements as SQL; results as text
//!   query    eval     world               statements; expressions by the batch; one version of all tables
//!   expr              table               what can be asked of a row; rows and what points to them
//!   model             index               what a struct says about itself; value to rows
//!   value    error    trace    fault      fields without their type; where a test lets things fail
//!   link                                  the pointer that trees and versions are made of
//! ```
extern crate self as memorm;

#[cfg(feature = "async")]
mod asynchronous;
mod database;
pub mod error;
mod eval;
pub mod expr;
#[cfg(feature = "fault")]
#[doc(hidden)]
pub mod fault;
#[cfg(not(feature = "fault"))]
mod fault;
pub mod guide;
#[doc(hidden)]
pub mod index;
mod inspect;
mod link;
mod live;
mod lower;
pub mod model;
mod plan;
pub mod query;
pub mod session;
mod table;
mod trace;
pub mod value;
mod world;

#[cfg(feature = "async")]
pub use asynchronous::{AsyncDatabase, AsyncSession};
pub use database::{
    Builder, Changed, CommitChanges, Database, Diff, Feed, HeldVersion, Hook, Isolation, Lagged, Merged,
    Snapshot, Stats,
};
pub use error::{Error, Result};
pub use inspect::{Schema, TableStats};
pub use live::Live;
pub use lower::{Dialect, Sql};
pub use memorm_derive::{Field, Model, Projection};
pub use plan::{Explain, JoinExplain};
pub use session::{Exclusive, Session};
pub use world::{Change, DynamicTable, MergeConflict, Rekeyed, Resolution, Resolve, StateHash, Version};

/// Everything that is usually imported: `use memorm::prelude::*;`. `Error` and `Result` stay behind `memorm::`.
pub mod prelude {
    #[cfg(feature = "async")]
    pub use crate::asynchronous::{AsyncDatabase, AsyncSession};
    pub use crate::database::{
        Builder, Changed, CommitChanges, Database, Diff, Feed, Hook, Isolation, Lagged, Merged, Snapshot,
        Stats,
    };
    pub use crate::expr::{
        At, Column, Comparison as Op, Expr, Expression, Filter, LEFT, Opt, RIGHT, case, count,
        count_distinct, count_of, dense_rank, lag, lead, on, opt, partition_by, rank, row_number,
    };
    pub use crate::inspect::Schema;
    pub use crate::live::Live;
    pub use crate::lower::{Dialect, Sql};
    pub use crate::model::{Field, Model, Relation};
    pub use crate::plan::Explain;
    pub use crate::query::{Groups, Place, Rows, Select, delete, exists, insert, select, update};
    pub use crate::session::{Changes, Exclusive, Query, Savepoint, Session, With, Write};
    pub use crate::value::Value;
    pub use crate::world::{Change, MergeConflict, Resolution, Resolve, StateHash, Version};
    #[cfg(feature = "jiff")]
    pub use jiff::Timestamp;
    pub use memorm_derive::{Field, Model, Projection};
    pub use std::sync::Arc;
}

/// What generated code names: no part of the public surface.
#[doc(hidden)]
pub mod __private {
    pub use crate::error::Error;
    pub use crate::expr::Column;
    pub use crate::model::{
        BelongsTo, CanCompare, CannotCompare, Check, ClockTime, ColumnMeta, Compared, Counter, Field,
        ForeignKey, HasMany, HasOne, IndexMeta, KeyParts, KeyRef, Literal, ManyToMany, Mapped, Model, NewRow,
        OnDelete, RelationMeta, Scalar, Stamps, TableMeta, Text, assign_auto, bump_version, fill_now,
        generic_table, renew_now,
    };
    pub use crate::value::{Cell, Kind, Lane, Value, Vector};
}

/// The readme's example is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
