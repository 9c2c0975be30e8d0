//! Closures inside of expressions: `filter_with` and `map`.
use super::code::{RowTest, ValueMap};
use super::scope::Scope;
use crate::model::{AnyRow, Field};
use crate::value::{Cell, Value};
use std::marker::PhantomData;

/// A closure over the rows of `S`.
pub(crate) struct TypedTest<S, F>(F, PhantomData<fn(&S)>);

impl<S: Scope, F: for<'a> Fn(S::Row<'a>) -> bool + Send + Sync> TypedTest<S, F> {
    pub(crate) fn new(test: F) -> Self {
        Self(test, PhantomData)
    }
}
impl<S: Scope, F: for<'a> Fn(S::Row<'a>) -> bool + Send + Sync> RowTest for TypedTest<S, F> {
    fn slots(&self) -> u8 {
        S::SLOTS
    }
    fn test(&self, row: &[Option<&dyn AnyRow>]) -> bool {
        S::row(row).is_some_and(&self.0)
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
