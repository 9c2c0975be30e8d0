//! `NewRow`: the values given by `insert().set(..)`, on their way into a struct.
use super::{Field, TableMeta};
use crate::value::Value;
use crate::{Error, Result};

/// The values of a row that is to be built, by column.
#[derive(Debug)]
#[doc(hidden)]
pub struct NewRow {
    table: &'static TableMeta,
    values: Vec<Option<Value>>,
}

impl NewRow {
    pub(crate) fn new(table: &'static TableMeta) -> Self {
        Self { table, values: vec![None; table.columns.len()] }
    }

    pub(crate) fn set(&mut self, column: u16, value: Value) {
        if let Some(slot) = self.values.get_mut(usize::from(column)) {
            *slot = Some(value);
        }
    }

    /// The value of `column`, or its default.
    ///
    /// # Errors
    /// `MissingValue` where there is neither, `InvalidValue` where the type cannot hold the value.
    pub fn take<T: Field>(&mut self, column: u16, default: Option<fn() -> T>) -> Result<T> {
        let meta = self.table.column(column);
        let given = self.values.get_mut(usize::from(column)).and_then(Option::take);
        match (given, default) {
            (Some(value), _) => T::from_value(&value).ok_or_else(|| Error::InvalidValue {
                table: self.table.name,
                column: meta.name,
                value: value.to_string(),
                expected: meta.rust_type,
            }),
            (None, Some(default)) => Ok(default()),
            (None, None) => Err(self.missing(column)),
        }
    }

    /// The error for a column without a value and without a default.
    pub fn missing(&self, column: u16) -> Error {
        Error::MissingValue { table: self.table.name, column: self.table.column(column).name }
    }
}
