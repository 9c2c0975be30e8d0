//! Rows by sets of keys of several columns: `(ITEM_ID, TAG_ID) in ..`, which conditions on related rows turn into.
//!
//! Sets of one column are lists of values: see `path`. These are asked last, for their rows are found before they are counted.
use super::path::{Found, Path};
use crate::expr::Step;
use crate::plan::way::Way;
use crate::table::{RowId, Table};
use crate::value::{Cell, KeySet, Value};

/// The rows that have one of the keys of a set, where a condition asks for one, the primary key or an index finds them, and
/// they are few. They still have to pass the filter.
pub(super) fn path<'a>(table: &Table, parts: &[&[Step]], limit: usize) -> Option<Path<'a>> {
    let found = parts.iter().filter_map(|part| of_part(table, part, limit));
    let (ids, way) = found.min_by_key(|(ids, _)| ids.len())?;
    let is_few = ids.len() <= limit;
    is_few.then_some(Path { rows: ids.len(), found: Found::Ids(ids), answered: 0, way })
}

fn of_part(table: &Table, part: &[Step], limit: usize) -> Option<(Vec<RowId>, Way)> {
    let [columns @ .., Step::InKeys(keys, _)] = part else { return None };
    if keys.arity() < 2 || keys.len() > limit {
        return None;
    }
    let column = |step: &Step| match step {
        Step::Column { column, .. } => Some(*column),
        _ => None,
    };
    let columns = columns.iter().map(column).collect::<Option<Vec<u16>>>()?;
    let meta = table.meta();
    if let Some(order) = places(&columns, meta.primary_key) {
        return Some((each(keys, &order, |key, ids| ids.extend(table.find(key))), Way::Key));
    }
    let indexes = meta.indexes.iter().enumerate();
    let (position, order) =
        indexes.filter_map(|(i, index)| Some((i, places(&columns, index.columns)?))).next()?;
    let ids = match table.ordered(position) {
        Some(index) => each(keys, &order, |key, ids| {
            index.equal(key).into_iter().for_each(|postings| postings.extend_into(ids));
        }),
        None => each(keys, &order, |key, ids| ids.extend(table.find_unique(position, key))),
    };
    Some((ids, Way::Index(position)))
}

/// Where each column of an index stands among these, which are all of its columns.
fn places(columns: &[u16], of_index: &[u16]) -> Option<Vec<usize>> {
    let place = |column: &u16| columns.iter().position(|other| other == column);
    of_index.iter().map(place).collect::<Option<Vec<_>>>().filter(|places| places.len() == columns.len())
}

/// The rows of all keys, each once.
fn each(keys: &KeySet, order: &[usize], mut find: impl FnMut(&[Cell<'_>], &mut Vec<RowId>)) -> Vec<RowId> {
    let mut ids = Vec::new();
    for key in keys.keys() {
        let key: Vec<Cell<'_>> = order.iter().map(|place| Value::cell(&key[*place])).collect();
        find(&key, &mut ids);
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}
