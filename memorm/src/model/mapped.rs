//! `Mapped`: what `#[derive(Model)]` writes.
use super::{Key, NewRow, Stamps, TableMeta};
use crate::Result;
use crate::value::{Cell, Value, Vector};
use std::any::Any;

/// What the engine asks of a model. [`Model`](super::Model) is what a program names: each type that is mapped is one.
///
/// Two traits, because the compiler lists the types that have a trait wherever one has it not: with one implementation
/// for all of them there is nothing to list. And no hidden method stands among those of a user's struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a memorm model",
    label = "not a model",
    note = "a model is a struct with `#[derive(Model, Clone)]` and a field marked `#[model(primary_key)]`"
)]
pub trait Mapped: Clone + Send + Sync + 'static {
    /// The type of the primary key: a field's type, or a tuple of them.
    type PrimaryKey: Key;

    /// The columns of the primary key, known where `get` is compiled.
    const KEY: &'static [u16];

    /// The columns that the table finds its rows by: the key, then those in indexes, each once.
    const WATCHED: &'static [u16];

    /// Describes the table.
    fn meta() -> &'static TableMeta;

    /// Column `column` of this row. `Null` for an opaque one.
    fn cell(&self, column: u16) -> Cell<'_>;

    /// The field behind column `column`.
    fn field(&self, column: u16) -> &(dyn Any + Send + Sync);

    /// Appends column `column` of these rows to `out`: the engine's door to many fields at once.
    fn gather<'a>(rows: &[&'a Self], column: u16, out: &mut Vector<'a>);

    /// Sets column `column`; `false` where its type cannot hold the value.
    fn put(&mut self, column: u16, value: &Value) -> bool;

    /// Becomes a copy of `from`, field by field, keeping what this row has allocated.
    fn refill(&mut self, from: &Self);

    /// Tells `found` of each column that differs, in order; of an opaque one, as far as its type can tell.
    fn unlike(&self, other: &Self, found: &mut dyn FnMut(u16));

    /// Takes an opaque column from another row.
    fn copy_opaque(&mut self, from: &Self, column: u16) {
        let _ = (from, column);
    }

    /// Builds a row of `insert().set(..)`; what was not set takes its default.
    fn build(row: &mut NewRow) -> Result<Self>;

    /// Gives the `auto` key and fills `version`, `default = now` and `on_update`. `old` is `None` for a new row.
    fn stamp(&mut self, old: Option<&Self>, stamps: &mut Stamps<'_>) -> Result<()>;

    /// Runs the model's `check` function.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}
