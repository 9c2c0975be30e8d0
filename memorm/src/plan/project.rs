//! Projections: the parts of each row, computed by the batch.
use super::batch::FrameBatch;
use super::frame::Frame;
use super::scan::arithmetic_error;
use crate::eval::Evaluator;
use crate::expr::{Item, MAX_SLOTS, RowReader};
use crate::model::TableMeta;
use crate::value::{Value, Vector};
use crate::{Error, Result};

/// Computes `items` for each row and hands them to `each`, in order.
///
/// # Errors
/// `Arithmetic` of the first row with a part that has no value, after all rows before it; `InvalidValue` where a part's
/// type cannot hold it.
pub(crate) fn project<T>(
    meta: &'static TableMeta,
    items: &[Item],
    frame: &Frame<'_>,
    read: fn(&mut RowReader<'_>) -> Option<T>,
    out: &mut Vec<T>,
) -> Result<()> {
    let batch = FrameBatch::new(frame);
    let (vectors, sound, failed) =
        computed(meta, items, &batch, &mut Evaluator::new(&batch), |item| item.direct.is_none());
    let slots = items.iter().filter_map(|item| item.direct).map(|(slot, _)| slot + 1).max().unwrap_or(0);
    let mut row = [None; MAX_SLOTS];
    for lane in 0..frame.len().min(sound) {
        row.iter_mut().zip(0..slots).for_each(|(part, slot)| *part = batch.row_at(slot, lane));
        let mut reader = RowReader::new(items, row, &vectors, lane);
        out.push(read(&mut reader).ok_or_else(|| unreadable(meta, items))?);
    }
    failed.map_or(Ok(()), Err)
}

/// The items of each row in their dynamic form.
///
/// # Errors
/// As [`project`].
pub(crate) fn values(meta: &'static TableMeta, items: &[Item], frame: &Frame<'_>) -> Result<Vec<Vec<Value>>> {
    let (values, failed) = sound_values(meta, items, frame);
    failed.map_or(Ok(values), Err)
}

/// The items of the rows before the first that has no value for one, and the error of that row.
pub(super) fn sound_values(
    meta: &'static TableMeta,
    items: &[Item],
    frame: &Frame<'_>,
) -> (Vec<Vec<Value>>, Option<Error>) {
    let batch = FrameBatch::new(frame);
    let (vectors, sound, failed) = computed(meta, items, &batch, &mut Evaluator::new(&batch), |_| true);
    let lanes = 0..frame.len().min(sound);
    let values = lanes.map(|lane| vectors.iter().map(|vector| vector.cell(lane).to_value()).collect());
    (values.collect(), failed)
}

/// A vector for each item that is wanted, an empty one for the others; how many rows have a value for all of them, and
/// the error of the row after those.
pub(super) fn computed<'a>(
    meta: &'static TableMeta,
    items: &'a [Item],
    batch: &'a FrameBatch<'_, '_>,
    evaluator: &mut Evaluator<'a>,
    is_wanted: impl Fn(&Item) -> bool,
) -> (Vec<Vector<'a>>, usize, Option<Error>) {
    let mut windows = 0;
    let compute = |item: &'a Item| {
        if item.window.is_some() {
            windows += 1;
            return batch.window(windows - 1);
        }
        if is_wanted(item) { evaluator.evaluate(&item.code) } else { Vector::default() }
    };
    let vectors: Vec<Vector<'a>> = items.iter().map(compute).collect();
    let faults = vectors.iter().zip(items).filter_map(|(vector, item)| Some((*vector.faults.first()?, item)));
    match faults.min_by_key(|((lane, _), _)| *lane) {
        Some(((lane, fault), item)) => {
            let error = arithmetic_error(meta, &item.code, batch, lane, fault);
            (vectors, lane as usize, Some(error))
        }
        None => (vectors, usize::MAX, None),
    }
}

fn unreadable(meta: &'static TableMeta, items: &[Item]) -> Error {
    Error::InvalidValue {
        table: meta.name,
        column: "projection",
        value: items.iter().map(Item::heading).collect::<Vec<_>>().join(", "),
        expected: "the type of the projection",
    }
}
