//! What a struct tells memorm about itself.
//!
//! ```text
//!   #[derive(Model)] ──► impl Mapped    typed: keys, batches of a column, defaults      (one per struct)
//!                          │  blanket
//!                          ▼
//!                        dyn AnyRow     erased: what tables, constraints and cascades see
//!
//!   TableMeta  names, types, keys, indexes, relations, as static data
//!   Field      a type that may stand in a column; Literal: what may stand for one in a statement
//! ```
//!
//! Must stay true: reading a field through [`AnyRow`] has no side effect and cannot fail.
//! Not here: where rows live, and anything that needs a second table.

mod builtin;
#[cfg(feature = "chrono")]
mod chrono;
mod clock;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod field;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "json")]
mod json;
mod key;
mod literal;
mod mapped;
mod meta;
mod new_row;
mod number;
mod opaque;
mod registry;
mod relate;
mod relation;
mod row;
#[cfg(feature = "smol_str")]
mod smol_str;
mod stamp;
#[cfg(feature = "time")]
mod time;
mod trait_model;
#[cfg(feature = "ulid")]
mod ulid;
#[cfg(feature = "uuid")]
mod uuid;

pub use clock::ClockTime;
pub use field::{Field, Scalar};
pub use key::{ForeignKey, Key, KeyRef, MAX_KEY_PARTS};
pub use literal::Literal;
pub(crate) use literal::other_literals;
#[doc(hidden)]
pub use mapped::Mapped;
pub use meta::{ColumnMeta, IndexMeta, OnDelete, RelationMeta, TableMeta};
pub use new_row::NewRow;
pub use number::{Number, Text};
pub use opaque::{CanCompare, CannotCompare, Compared};
pub use registry::generic_table;
pub use relate::{Path, Relation, Through};
pub use relation::{BelongsTo, HasMany, HasOne, KeyParts, ManyToMany};
pub use row::{AnyRow, downcast_row};
pub use stamp::{Check, Counter, Stamps, assign_auto, bump_version, fill_now, renew_now};
pub use trait_model::{Insertable, Model, ModelRef};
