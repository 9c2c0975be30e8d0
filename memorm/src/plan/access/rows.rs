//! The rows of a path: row ids from keys and postings, in row order.
use super::path::{Found, Path};
use crate::table::{RowId, Table};

/// The rows of a path.
pub(super) fn row_ids(table: &Table, found: Found<'_>) -> Vec<RowId> {
    let mut ids = Vec::new();
    let ordered = |position| table.ordered(position);
    match found {
        Found::Ids(found) => return found,
        Found::Entry(postings) => {
            postings.extend_into(&mut ids);
            return ids;
        }
        Found::Range(found) => return ascending(found),
        Found::Index(position, prefix, low, high) => {
            let ranges = ordered(position)
                .into_iter()
                .flat_map(|index| index.range(&prefix, low.clone(), high.clone()));
            ranges.for_each(|postings| postings.extend_into(&mut ids));
            return ascending(ids);
        }
        Found::Entries(entries) => entries.iter().for_each(|postings| postings.extend_into(&mut ids)),
        Found::Nulls(position) => {
            ordered(position).into_iter().for_each(|index| index.nulls().extend_into(&mut ids));
            return ids;
        }
        Found::Any(paths) => {
            paths.into_iter().for_each(|path| ids.append(&mut row_ids(table, path.found)));
        }
        Found::All(paths) => {
            let mut lists = paths.into_iter().map(|Path { found, .. }| row_ids(table, found));
            let first = lists.next().unwrap_or_default();
            return lists.fold(first, |some, others| common(&some, &others));
        }
    }
    ids = ascending(ids);
    ids.dedup();
    ids
}

/// The ids in row order.
fn ascending(mut ids: Vec<RowId>) -> Vec<RowId> {
    ids.sort_unstable();
    ids
}

/// The ids that are in both lists, which ascend.
fn common(some: &[RowId], others: &[RowId]) -> Vec<RowId> {
    let mut others = others.iter().peekable();
    let is_there = |id: &&RowId| {
        while others.next_if(|other| other < id).is_some() {}
        others.peek() == Some(id)
    };
    some.iter().filter(is_there).copied().collect()
}
