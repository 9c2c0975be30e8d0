//! `serde_json::Value` as a column type.
use super::field::{Field, Scalar};
use crate::value::{Cell, JsonLane, Kind, Value};
use std::sync::Arc;

#[diagnostic::do_not_recommend]
impl Field for serde_json::Value {
    type Base = Self;
    type Map<U: Scalar> = U;
    type Lane<'a> = JsonLane<'a>;
    const KIND: Kind = Kind::Json;
    const BUILT_IN: bool = true;

    fn lane(&self) -> JsonLane<'_> {
        JsonLane(self)
    }
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Other(Value::Json(v)) => Some(Arc::unwrap_or_clone(v)),
            _ => None,
        }
    }
}
#[diagnostic::do_not_recommend]
impl Scalar for serde_json::Value {}
impl From<serde_json::Value> for Value {
    fn from(document: serde_json::Value) -> Self {
        Self::Json(Arc::new(document))
    }
}
