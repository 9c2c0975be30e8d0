//! Sorting the rows of a query.
use super::batch::FrameBatch;
use super::frame::Frame;
use super::scan::arithmetic_error;
use crate::Result;
use crate::eval::{evaluate, sort_lanes};
use crate::expr::{Code, OrderTerm};
use crate::model::TableMeta;
use crate::value::Vector;

/// Sorts rows, stably; keeps the first `keep` where only those are wanted.
///
/// # Errors
/// `Arithmetic` of the first row whose sort key has no value.
pub(super) fn sort<'w>(
    meta: &'static TableMeta,
    frame: &Frame<'w>,
    order: &[OrderTerm],
    keep: Option<usize>,
) -> Result<Frame<'w>> {
    let batches = frame.batches();
    let keys: Vec<Vector<'_>> = order.iter().map(|term| key(&term.code, &batches)).collect();
    let faults = keys.iter().zip(order).filter_map(|(key, term)| Some((key.faults.first()?, term)));
    if let Some(((lane, fault), term)) = faults.min_by_key(|((lane, _), _)| *lane) {
        return Err(arithmetic_error(meta, &term.code, &FrameBatch::new(frame), *lane, *fault));
    }
    Ok(frame.take(&sort_lanes(&keys, order, frame.len(), keep)))
}

/// What `code` gives for all rows, computed batch by batch: while a batch is in the cache.
pub(super) fn key<'a>(code: &'a Code, batches: &'a [FrameBatch<'_, '_>]) -> Vector<'a> {
    let mut all = Vector::default();
    batches.iter().for_each(|batch| all.append(evaluate(code, batch)));
    all
}
