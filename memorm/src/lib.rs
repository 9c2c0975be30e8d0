//! memorm: typed objects in RAM with what a database gives.
extern crate self as memorm;

pub mod error;
pub mod expr;
pub mod model;
pub mod value;

pub use error::{Error, Result};
pub use memorm_derive::{Field, Model, Projection};

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
