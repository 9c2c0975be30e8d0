//! `AnyRow`: a row without its type, for everything that is compiled once.
use super::{Model, Stamps};
use crate::Result;
use crate::value::{Cell, Value};
use std::any::Any;
use std::sync::Arc;

/// A row of any table. Every [`Model`] is one; tables, constraints, cascades and write statements see no more.
#[doc(hidden)]
pub trait AnyRow: Any + Send + Sync {
    fn cell(&self, column: u16) -> Cell<'_>;
    fn field(&self, column: u16) -> &(dyn Any + Send + Sync);
    fn put(&mut self, column: u16, value: &Value) -> bool;
    fn copy(&self) -> Arc<dyn AnyRow>;
    /// Becomes a copy of `from`; `false` where that is a row of another table.
    fn refill(&mut self, from: &dyn AnyRow) -> bool;
    /// Tells `found` of each column that differs from that of another row of the table, in order. An opaque type without
    /// `PartialEq` is equal to nothing.
    fn unlike(&self, other: &dyn AnyRow, found: &mut dyn FnMut(u16));
    /// Takes an opaque column from another row of the table.
    fn copy_opaque(&mut self, from: &dyn AnyRow, column: u16);
    fn stamp(&mut self, old: Option<&dyn AnyRow>, stamps: &mut Stamps<'_>) -> Result<()>;
    fn check(&self) -> Result<(), String>;
}

impl<M: Model> AnyRow for M {
    fn cell(&self, column: u16) -> Cell<'_> {
        M::cell(self, column)
    }
    fn field(&self, column: u16) -> &(dyn Any + Send + Sync) {
        M::field(self, column)
    }
    fn put(&mut self, column: u16, value: &Value) -> bool {
        M::put(self, column, value)
    }
    fn copy(&self) -> Arc<dyn AnyRow> {
        Arc::new(self.clone())
    }
    fn refill(&mut self, from: &dyn AnyRow) -> bool {
        match downcast_row::<M>(from) {
            Some(from) => {
                M::refill(self, from);
                true
            }
            None => false,
        }
    }
    fn unlike(&self, other: &dyn AnyRow, found: &mut dyn FnMut(u16)) {
        let other = downcast_row::<M>(other);
        debug_assert!(other.is_some(), "rows of one table are compared");
        if let Some(other) = other {
            M::unlike(self, other, found);
        }
    }
    fn copy_opaque(&mut self, from: &dyn AnyRow, column: u16) {
        if let Some(from) = downcast_row::<M>(from) {
            M::copy_opaque(self, from, column);
        }
    }
    fn stamp(&mut self, old: Option<&dyn AnyRow>, stamps: &mut Stamps<'_>) -> Result<()> {
        M::stamp(self, old.and_then(downcast_row::<M>), stamps)
    }
    fn check(&self) -> Result<(), String> {
        M::check(self)
    }
}

impl std::fmt::Debug for dyn AnyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("row")
    }
}

/// The row as an `M`; `None` where it is one of another table.
#[doc(hidden)]
#[inline]
pub fn downcast_row<M: Model>(row: &dyn AnyRow) -> Option<&M> {
    (row as &dyn Any).downcast_ref()
}
