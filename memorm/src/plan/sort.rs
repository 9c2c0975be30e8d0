//! Sorting the rows of a query.
use super::batch::{BlockBatch, count, single_rows};
use super::scan::arithmetic_error;
use crate::Result;
use crate::eval::{evaluate, sort_lanes};
use crate::expr::{Code, OrderTerm};
use crate::model::TableMeta;
use crate::table::Block;
use crate::value::Vector;

/// Leaves in a batch.
const BATCH: usize = 64;

/// Sorts rows, stably; keeps the first `keep` where only those are wanted.
///
/// # Errors
/// `Arithmetic` of the first row whose sort key has no value.
pub(super) fn sort<'w>(
    meta: &'static TableMeta,
    blocks: &[Block<'w>],
    order: &[OrderTerm],
    keep: Option<usize>,
) -> Result<Vec<Block<'w>>> {
    let batches: Vec<BlockBatch<'_, 'w>> = blocks.chunks(BATCH).map(BlockBatch::new).collect();
    let keys: Vec<Vector<'_>> = order.iter().map(|term| key(&term.code, &batches)).collect();
    let faults = keys.iter().zip(order).filter_map(|(key, term)| Some((key.faults.first()?, term)));
    if let Some(((lane, fault), term)) = faults.min_by_key(|((lane, _), _)| *lane) {
        return Err(arithmetic_error(meta, &term.code, &BlockBatch::new(blocks), *lane, *fault));
    }
    let count = count(blocks);
    let order = sort_lanes(&keys, order, count, keep);
    if order.len() < count / 8 {
        return Ok(some_rows(blocks, &order));
    }
    let rows = single_rows(blocks);
    Ok(order.into_iter().map(|lane| rows[lane as usize]).collect())
}

/// A sort key of all rows, computed batch by batch: while a batch is in the cache.
fn key<'a>(code: &'a Code, batches: &'a [BlockBatch<'_, '_>]) -> Vector<'a> {
    let mut all = Vector::default();
    batches.iter().for_each(|batch| all.append(evaluate(code, batch)));
    all
}

/// The rows at a few lanes, each as a block of its own.
fn some_rows<'w>(blocks: &[Block<'w>], lanes: &[u32]) -> Vec<Block<'w>> {
    let mut end = 0;
    let ends: Vec<u32> = blocks
        .iter()
        .map(|block| {
            end += block.mask.count_ones();
            end
        })
        .collect();
    let row = |lane: &u32| {
        let at = ends.partition_point(|end| end <= lane);
        let block = blocks[at];
        let before = ends[at] - block.mask.count_ones();
        let slot = block.slots().nth((lane - before) as usize)?;
        Some(Block { mask: 1 << slot, ..block })
    };
    lanes.iter().filter_map(row).collect()
}
