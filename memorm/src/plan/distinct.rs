//! Keeping the first of equal rows.
use super::batch::retain;
use super::project::sound_values;
use crate::expr::Item;
use crate::model::TableMeta;
use crate::table::Block;
use crate::value::Value;
use crate::{Error, Result};
use std::collections::HashSet;

/// The rows that were seen. Two `None` are equal here.
#[derive(Default)]
pub(super) struct Distinct(HashSet<Vec<Value>>);

impl Distinct {
    /// Keeps the rows that were not seen before. A row without a projection is equal to itself alone.
    ///
    /// The first row that cannot be compared goes with all behind it; its error is returned.
    pub(super) fn keep(
        &mut self,
        meta: &'static TableMeta,
        items: &[Item],
        blocks: &mut Vec<Block<'_>>,
    ) -> Option<Error> {
        let (keys, failed) = sound_keys(meta, items, blocks);
        let mut keys = keys.into_iter();
        retain(blocks, |_| keys.next().is_some_and(|key| self.0.insert(key)));
        failed
    }
}

/// What makes rows equal: their projected values, or for whole rows the row itself.
pub(super) fn keys(
    meta: &'static TableMeta,
    items: &[Item],
    blocks: &[Block<'_>],
) -> Result<Vec<Vec<Value>>> {
    let (keys, failed) = sound_keys(meta, items, blocks);
    failed.map_or(Ok(keys), Err)
}

/// The keys of the rows before the first that has none, and the error of that row.
fn sound_keys(
    meta: &'static TableMeta,
    items: &[Item],
    blocks: &[Block<'_>],
) -> (Vec<Vec<Value>>, Option<Error>) {
    if items.is_empty() {
        let rows = blocks.iter().flat_map(|block| block.rows());
        return (rows.map(|(id, _)| vec![Value::Wide(i128::from(id))]).collect(), None);
    }
    let (mut keys, failed) = sound_values(meta, items, blocks);
    // what cannot be looked into is equal to itself alone
    if items.iter().any(|item| item.direct.is_some() && item.decode.is_none()) {
        let rows = blocks.iter().flat_map(|block| block.rows());
        keys.iter_mut().zip(rows).for_each(|(key, (id, _))| key.push(Value::Wide(i128::from(id))));
    }
    (keys, failed)
}
