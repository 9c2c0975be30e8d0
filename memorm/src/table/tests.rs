//! Rows for the tests of this folder.
use crate::model::AnyRow;
use std::sync::Arc;

#[derive(memorm::Model, Clone)]
pub(super) struct Row {
    #[model(primary_key)]
    id: u64,
    qty: u64,
}

pub(super) fn row(id: u64, qty: u64) -> Arc<dyn AnyRow> {
    Arc::new(Row { id, qty })
}
