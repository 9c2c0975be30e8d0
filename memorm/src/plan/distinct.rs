//! Keeping the first of equal rows.
use super::batch::retain;
use super::project::values;
use crate::Result;
use crate::expr::Item;
use crate::model::TableMeta;
use crate::table::Block;
use crate::value::Value;
use std::collections::HashSet;

/// The rows that were seen. Two `None` are equal here.
#[derive(Default)]
pub(super) struct Distinct(HashSet<Vec<Value>>);

impl Distinct {
    /// Keeps the rows that were not seen before. A row without a projection is equal to itself alone.
    pub(super) fn keep(
        &mut self,
        meta: &'static TableMeta,
        items: &[Item],
        blocks: &mut Vec<Block<'_>>,
    ) -> Result<()> {
        let mut keys = keys(meta, items, blocks)?.into_iter();
        retain(blocks, |_| keys.next().is_some_and(|key| self.0.insert(key)));
        Ok(())
    }
}

/// What makes rows equal: their projected values, or for whole rows the row itself.
pub(super) fn keys(
    meta: &'static TableMeta,
    items: &[Item],
    blocks: &[Block<'_>],
) -> Result<Vec<Vec<Value>>> {
    if items.is_empty() {
        let rows = blocks.iter().flat_map(|block| block.rows());
        return Ok(rows.map(|(id, _)| vec![Value::Wide(i128::from(id))]).collect());
    }
    values(meta, items, blocks)
}
