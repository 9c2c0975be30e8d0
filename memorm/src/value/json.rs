//! Batches of JSON documents.
use super::{Cell, Cells, Lane, Value, Vector};
use std::sync::Arc;

/// A document that stays where it is: batches of JSON columns copy nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(hidden)]
pub struct JsonLane<'a>(pub &'a serde_json::Value);

const NULL: &serde_json::Value = &serde_json::Value::Null;

impl Default for JsonLane<'_> {
    fn default() -> Self {
        Self(NULL)
    }
}

impl<'a> Lane<'a> for JsonLane<'a> {
    fn extend<'v>(vector: &'v mut Vector<'a>, rows: usize) -> std::slice::IterMut<'v, Self> {
        if !matches!(vector.cells, Cells::Json(_)) {
            vector.cells = Cells::Json(Vec::with_capacity(rows));
        }
        match &mut vector.cells {
            Cells::Json(cells) => {
                let start = cells.len();
                cells.resize(start + rows, Self::default());
                cells[start..].iter_mut()
            }
            _ => [].iter_mut(),
        }
    }
    fn cell(self) -> Cell<'a> {
        Cell::Other(Value::Json(Arc::new(self.0.clone())))
    }
}
