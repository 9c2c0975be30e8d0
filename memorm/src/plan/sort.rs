//! Sorting the rows of a query.
use super::batch::{BlockBatch, single_rows};
use super::scan::arithmetic_error;
use crate::Result;
use crate::eval::{evaluate, sort_lanes};
use crate::expr::OrderTerm;
use crate::model::TableMeta;
use crate::table::Block;

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
    let batch = BlockBatch::new(blocks);
    let keys: Vec<_> = order.iter().map(|term| evaluate(&term.code, &batch)).collect();
    let faults = keys.iter().zip(order).filter_map(|(key, term)| Some((key.faults.first()?, term)));
    if let Some(((lane, fault), term)) = faults.min_by_key(|((lane, _), _)| *lane) {
        return Err(arithmetic_error(meta, &term.code, &batch, *lane, *fault));
    }
    let rows = single_rows(blocks);
    Ok(sort_lanes(&keys, order, rows.len(), keep).into_iter().map(|lane| rows[lane as usize]).collect())
}
