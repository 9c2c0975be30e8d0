//! `Column<M, T>`: the constant that the derive writes for each field.
use super::expression::Expr;
use super::operators::Expression;
use crate::model::{Field, Model};
use crate::value::Cell;
use std::any::Any;
use std::fmt;

/// A typed column of table `M`: the constant that the derive writes for each field. `Copy`.
///
/// Everything that can be asked of it is in [`Expression`].
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key)]
///     id: u64,
///     qty: i64,
/// }
/// let column: Column<Item, i64> = Item::QTY;
/// assert_eq!((column.name(), column.index()), ("qty", 1));
/// assert_eq!(*column.get(&Item { id: 1, qty: 7 }), 7);
/// ```
pub struct Column<M, T: 'static> {
    index: u16,
    name: &'static str,
    get: fn(&M) -> &T,
    pub(super) decode: Option<Decode<T>>,
}

/// Makes a field of its dynamic form.
pub(super) type Decode<T> = fn(Cell<'_>) -> Option<T>;

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T> Copy for Column<M, T> {}
impl<M, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<M, T: Field> Column<M, T> {
    #[doc(hidden)]
    pub const fn new(index: u16, name: &'static str, get: fn(&M) -> &T) -> Self {
        Self { index, name, get, decode: Some(T::from_cell) }
    }
}
impl<M, T: Any + Send + Sync> Column<M, T> {
    /// A column of a type that is no `Field`: it can be projected, but has no operators.
    #[doc(hidden)]
    pub const fn opaque(index: u16, name: &'static str, get: fn(&M) -> &T) -> Self {
        Self { index, name, get, decode: None }
    }
}

impl<M, T> Column<M, T> {
    /// Returns the column's name: the field's, without `r#`.
    pub fn name(self) -> &'static str {
        self.name
    }
    /// Returns the column's position in `M::table().columns`.
    pub fn index(self) -> u16 {
        self.index
    }
    /// Reads the field of a row.
    pub fn get(self, row: &M) -> &T {
        (self.get)(row)
    }
}
impl<M: Model, T: Field> Column<M, T> {
    /// Turns the column into an expression, so that columns and computed values have one type.
    pub fn expr(self) -> Expr<M, T> {
        Expr::new(self.into_code())
    }
}
