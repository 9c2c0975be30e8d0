//! `Model`: what `#[derive(Model)]` writes.
use super::{Key, NewRow, Stamps, TableMeta};
use crate::Result;
use crate::value::{Cell, Value, Vector};
use std::any::Any;
use std::sync::Arc;

/// A struct that memorm keeps: `#[derive(Model, Clone)]` with a field marked `#[model(primary_key)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a memorm model",
    label = "not a model",
    note = "a model is a struct with `#[derive(Model, Clone)]` and a field marked `#[model(primary_key)]`"
)]
pub trait Model: Clone + Send + Sync + 'static {
    /// The type of the primary key: a field's type, or a tuple of them.
    type Key: Key;

    /// The columns of the primary key, known where `get` is compiled.
    #[doc(hidden)]
    const KEY: &'static [u16];

    /// The columns that the table finds its rows by: the key, then those in indexes, each once.
    #[doc(hidden)]
    const WATCHED: &'static [u16];

    /// Describes the table: names, types, keys, indexes, relations.
    fn table() -> &'static TableMeta;

    /// Returns the row's primary key.
    fn key(&self) -> Self::Key;

    /// Column `column` of this row. `Null` for an opaque one.
    #[doc(hidden)]
    fn cell(&self, column: u16) -> Cell<'_>;

    /// The field behind column `column`.
    #[doc(hidden)]
    fn field(&self, column: u16) -> &(dyn Any + Send + Sync);

    /// Appends column `column` of these rows to `out`: the engine's door to many fields at once.
    #[doc(hidden)]
    fn gather<'a>(rows: &[&'a Self], column: u16, out: &mut Vector<'a>);

    /// Sets column `column`; `false` where its type cannot hold the value.
    #[doc(hidden)]
    fn put(&mut self, column: u16, value: &Value) -> bool;

    /// Becomes a copy of `from`, field by field, keeping what this row has allocated.
    #[doc(hidden)]
    fn refill(&mut self, from: &Self);

    /// Whether an opaque column of both is equal, as far as its type can tell.
    #[doc(hidden)]
    fn is_same_opaque(&self, other: &Self, column: u16) -> bool {
        let _ = (other, column);
        true
    }

    /// Takes an opaque column from another row.
    #[doc(hidden)]
    fn copy_opaque(&mut self, from: &Self, column: u16) {
        let _ = (from, column);
    }

    /// Builds a row of `insert().set(..)`; what was not set takes its default.
    #[doc(hidden)]
    fn build(row: &mut NewRow) -> Result<Self>;

    /// Gives the `auto` key and fills `version`, `default = now` and `on_update`. `old` is `None` for a new row.
    #[doc(hidden)]
    fn stamp(&mut self, old: Option<&Self>, stamps: &mut Stamps<'_>) -> Result<()>;

    /// Runs the model's `check` function.
    #[doc(hidden)]
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A [`Model`] given by value or behind an `Arc`: what `add`, `merge` and `upsert` take.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be stored: pass the model struct itself, by value",
    label = "expected a struct with `#[derive(Model)]`, or an `Arc` of one",
    note = "to store a copy: `item.clone()` of a `&Item`"
)]
pub trait Insertable {
    /// The model.
    type Model: Model;
    /// The row by value; copied where the `Arc` is shared.
    #[doc(hidden)]
    fn into_model(self) -> Self::Model;
}
#[diagnostic::do_not_recommend]
impl<M: Model> Insertable for M {
    type Model = M;
    fn into_model(self) -> M {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model> Insertable for Arc<M> {
    type Model = M;
    fn into_model(self) -> M {
        Arc::unwrap_or_clone(self)
    }
}

/// A stored object, as `delete` takes it: `&Item`, `&Arc<Item>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reference to a model",
    label = "expected `&Item` or `&Arc<Item>`",
    note = "by key: `delete_by_key::<Item>(key)`"
)]
pub trait ModelRef {
    /// The model.
    type Model: Model;
    /// The row.
    #[doc(hidden)]
    fn row(&self) -> &Self::Model;
}
#[diagnostic::do_not_recommend]
impl<M: Model> ModelRef for &M {
    type Model = M;
    fn row(&self) -> &M {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model> ModelRef for &Arc<M> {
    type Model = M;
    fn row(&self) -> &M {
        self
    }
}
