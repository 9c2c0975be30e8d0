//! `Model`: what a program calls a struct with `#[derive(Model)]`.
use super::{Key, Mapped, TableMeta};
use std::sync::Arc;

/// A struct that memorm keeps: `#[derive(Model, Clone)]` with a field marked `#[model(primary_key)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a memorm model",
    label = "not a model",
    note = "a model is a struct with `#[derive(Model, Clone)]` and a field marked `#[model(primary_key)]`"
)]
pub trait Model: Mapped<PrimaryKey = <Self as Model>::Key> {
    /// The type of the primary key: a field's type, or a tuple of them.
    type Key: Key;

    /// Describes the table: names, types, keys, indexes, relations.
    fn table() -> &'static TableMeta;

    /// Returns the row's primary key.
    fn key(&self) -> Self::Key;
}
#[diagnostic::do_not_recommend]
impl<M: Mapped> Model for M {
    type Key = M::PrimaryKey;

    fn table() -> &'static TableMeta {
        M::meta()
    }
    fn key(&self) -> M::PrimaryKey {
        let field = |part: usize| M::KEY.get(part).map_or(&() as _, |column| self.field(*column));
        Key::read(&field, 0).expect("a derived model names the type and the columns of its key together")
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
