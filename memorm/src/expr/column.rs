//! `Column<M, T>`: the constant that the derive writes for each field.
use crate::model::{Field, Model};
use std::any::Any;
use std::fmt;

/// A typed column. `Copy`.
pub struct Column<M, T: 'static> {
    index: u16,
    name: &'static str,
    get: fn(&M) -> &T,
}

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
        Self { index, name, get }
    }
}
impl<M, T: Any + Send + Sync> Column<M, T> {
    /// A column of a type that is no `Field`: no operators.
    #[doc(hidden)]
    pub const fn opaque(index: u16, name: &'static str, get: fn(&M) -> &T) -> Self {
        Self { index, name, get }
    }
}

impl<M: Model, T: 'static> Column<M, T> {
    /// The column's name.
    pub fn name(self) -> &'static str {
        self.name
    }
    /// Position among the table's columns; `M::table().columns[index]`.
    pub fn index(self) -> u16 {
        self.index
    }
    /// The field of `row`.
    pub fn get(self, row: &M) -> &T {
        (self.get)(row)
    }
}
