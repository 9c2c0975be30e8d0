//! Closures inside of expressions: `filter_with` and `map`.
use super::code::{RowTest, ValueMap};
use crate::model::{AnyRow, Field, Model, downcast_row};
use crate::value::{Cell, Value};
use std::marker::PhantomData;

/// A closure over the rows of `M`.
pub(crate) struct TypedTest<M, F>(F, PhantomData<fn(&M)>);

impl<M: Model, F: Fn(&M) -> bool + Send + Sync> TypedTest<M, F> {
    pub(crate) fn new(test: F) -> Self {
        Self(test, PhantomData)
    }
}
impl<M: Model, F: Fn(&M) -> bool + Send + Sync> RowTest for TypedTest<M, F> {
    fn test(&self, row: &dyn AnyRow) -> bool {
        downcast_row::<M>(row).is_some_and(&self.0)
    }
}

/// A closure from `T` to `U`.
pub(super) struct TypedMap<T, U, F>(F, PhantomData<fn(&T) -> U>);

impl<T: Field, U: Field, F: Fn(&T) -> U + Send + Sync> TypedMap<T, U, F> {
    pub(super) fn new(map: F) -> Self {
        Self(map, PhantomData)
    }
}
impl<T: Field, U: Field, F: Fn(&T) -> U + Send + Sync> ValueMap for TypedMap<T, U, F> {
    fn map(&self, value: Cell<'_>) -> Value {
        T::from_cell(value).map_or(Value::Null, |value| (self.0)(&value).to_value())
    }
}
