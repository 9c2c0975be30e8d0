//! Projections: the parts of each row, computed by the batch.
use super::batch::BlockBatch;
use super::scan::arithmetic_error;
use crate::eval::evaluate;
use crate::expr::{Item, RowReader};
use crate::model::TableMeta;
use crate::table::Block;
use crate::value::{Value, Vector};
use crate::{Error, Result};

/// Computes `items` for each row and hands them to `each`, in order.
///
/// # Errors
/// `Arithmetic` of the first row with a part that has no value; `InvalidValue` where a part's type cannot hold it.
pub(crate) fn project<T>(
    meta: &'static TableMeta,
    items: &[Item],
    blocks: &[Block<'_>],
    read: fn(&mut RowReader<'_>) -> Option<T>,
    out: &mut Vec<T>,
) -> Result<()> {
    let batch = BlockBatch::new(blocks);
    let vectors = computed(meta, items, &batch, |item| item.direct.is_none())?;
    let rows = blocks.iter().flat_map(|block| block.rows());
    for (lane, (_, row)) in rows.enumerate() {
        let mut reader = RowReader::new(items, Some(row), &vectors, lane);
        out.push(read(&mut reader).ok_or_else(|| unreadable(meta, items))?);
    }
    Ok(())
}

/// The items of each row in their dynamic form.
///
/// # Errors
/// As [`project`].
pub(crate) fn values(
    meta: &'static TableMeta,
    items: &[Item],
    blocks: &[Block<'_>],
) -> Result<Vec<Vec<Value>>> {
    let batch = BlockBatch::new(blocks);
    let vectors = computed(meta, items, &batch, |_| true)?;
    let lanes = 0..super::batch::count(blocks);
    Ok(lanes.map(|lane| vectors.iter().map(|vector| vector.cell(lane).to_value()).collect()).collect())
}

/// A vector for each item that is wanted, an empty one for the others.
fn computed<'a>(
    meta: &'static TableMeta,
    items: &'a [Item],
    batch: &'a BlockBatch<'_, '_>,
    is_wanted: impl Fn(&Item) -> bool,
) -> Result<Vec<Vector<'a>>> {
    let compute =
        |item: &'a Item| if is_wanted(item) { evaluate(&item.code, batch) } else { Vector::default() };
    let vectors: Vec<Vector<'a>> = items.iter().map(compute).collect();
    let faults = vectors.iter().zip(items).filter_map(|(vector, item)| Some((vector.faults.first()?, item)));
    match faults.min_by_key(|((lane, _), _)| *lane) {
        Some(((lane, fault), item)) => Err(arithmetic_error(meta, &item.code, batch, *lane, *fault)),
        None => Ok(vectors),
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
