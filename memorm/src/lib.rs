//! memorm: typed objects in RAM with what a database gives.
extern crate self as memorm;

#[cfg(feature = "async")]
mod asynchronous;
mod database;
pub mod error;
mod eval;
pub mod expr;
#[doc(hidden)]
pub mod index;
mod inspect;
pub mod model;
mod plan;
pub mod query;
pub mod session;
mod table;
pub mod value;
mod world;

#[cfg(feature = "async")]
pub use asynchronous::{AsyncDatabase, AsyncSession};
pub use database::{Builder, Database, Snapshot};
pub use error::{Error, Result};
pub use memorm_derive::{Field, Model, Projection};
pub use plan::Explain;
pub use session::Session;
pub use world::{DynamicTable, Version};

/// Everything that is usually imported: `use memorm::prelude::*;`. `Error` and `Result` stay behind `memorm::`.
pub mod prelude {
    #[cfg(feature = "async")]
    pub use crate::asynchronous::{AsyncDatabase, AsyncSession};
    pub use crate::database::{Builder, Database, Snapshot};
    pub use crate::expr::{Column, Expr, Expression, Filter, case, count, count_distinct, count_of};
    pub use crate::model::{Field, Model};
    pub use crate::plan::Explain;
    pub use crate::query::{Rows, Select, delete, insert, select, update};
    pub use crate::session::{Changes, Query, Savepoint, Session, Write};
    pub use crate::value::Value;
    pub use crate::world::Version;
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
        BelongsTo, Check, ClockTime, ColumnMeta, Counter, Field, ForeignKey, HasMany, HasOne, IndexMeta,
        KeyParts, KeyRef, Literal, ManyToMany, Model, NewRow, OnDelete, Referenced, RelationMeta, Scalar,
        Stamps, TableMeta, Text, assign_auto, bump_version, fill_now, generic_table, renew_now,
    };
    pub use crate::value::{Cell, Kind, Lane, Value, Vector};
}
