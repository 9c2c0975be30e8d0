//! Paths: the ways to the rows of a condition by one key or index, and how many rows each promises.
use super::condition::{Answered, Probe, Test, range_on};
use super::{lists, most_beside};
use crate::index::Postings;
use crate::plan::way::Way;
use crate::table::{RowId, Table};
use crate::value::Cell;
use std::ops::Bound;

/// So many rows of a range are remembered from when they were counted; more of them are found again.
const REMEMBERED: usize = 1_000;

/// A way to find rows that is worth comparing.
pub(super) struct Path<'a> {
    pub(super) rows: usize,
    pub(super) found: Found<'a>,
    /// Which of the conditions it answers.
    pub(super) answered: Answered,
    pub(super) way: Way,
}

pub(super) enum Found<'a> {
    Ids(Vec<RowId>),
    /// What an index has under one key.
    Entry(&'a Postings),
    /// The rows of a range, in the order of its keys.
    Range(Vec<RowId>),
    /// A range of more rows.
    Index(usize, Vec<Cell<'a>>, Bound<Cell<'a>>, Bound<Cell<'a>>),
    /// What an index has under each of some keys.
    Entries(Vec<&'a Postings>),
    Nulls(usize),
    /// The rows of one of these at least.
    Any(Vec<Path<'a>>),
    /// The rows of all of these.
    All(Vec<Path<'a>>),
}

/// The paths by one key or index each; a count of `limit`, or of more than can pay beside another path, means that many or
/// more.
pub(super) fn paths<'a>(table: &'a Table, probes: &'a [Probe<'a>], limit: usize) -> Vec<Path<'a>> {
    let meta = table.meta();
    if probes.iter().any(|probe| matches!(probe.test, Test::Never)) {
        return vec![Path {
            rows: 0,
            found: Found::Ids(Vec::new()),
            answered: Answered::MAX,
            way: Way::Nothing,
        }];
    }
    let mut paths = Vec::from_iter(by_key(table, probes));
    // nothing pays for the reading of more rows beside the best path
    let worth = |paths: &[Path<'_>]| {
        let least = paths.iter().map(|path| path.rows).min();
        least.map_or(limit, |least| limit.min(most_beside(least)))
    };
    for (position, index) in meta.indexes.iter().enumerate() {
        let path = if index.is_unique {
            by_unique(table, position, probes)
        } else {
            by_index(table, position, probes, worth(&paths))
        };
        paths.extend(path);
    }
    let lists = lists::paths(table, probes, worth(&paths).max(2));
    paths.extend(lists);
    paths
}

/// The values that the conditions ask for in the first of these columns, and which conditions those are.
fn equal_values<'a>(columns: &[u16], probes: &'a [Probe<'a>]) -> (Vec<Cell<'a>>, Answered) {
    let mut answered = 0;
    let equal = |column: &u16| {
        probes.iter().find_map(|probe| match probe.test {
            Test::Equal(value) if probe.column == *column => {
                answered |= probe.bit;
                Some(value.cell())
            }
            _ => None,
        })
    };
    (columns.iter().map_while(equal).collect(), answered)
}

fn by_key<'a>(table: &Table, probes: &'a [Probe<'a>]) -> Option<Path<'a>> {
    let meta = table.meta();
    let (key, answered) = equal_values(meta.primary_key, probes);
    if key.len() < meta.primary_key.len() {
        return None;
    }
    let ids = Vec::from_iter(table.find(&key));
    Some(Path { rows: ids.len(), found: Found::Ids(ids), answered, way: Way::Key })
}

fn by_unique<'a>(table: &Table, position: usize, probes: &'a [Probe<'a>]) -> Option<Path<'a>> {
    let meta = table.meta();
    let columns = meta.indexes[position].columns;
    let (values, answered) = equal_values(columns, probes);
    if values.len() < columns.len() {
        return None;
    }
    let mut ids: Vec<RowId> = table.find_unique(position, &values).collect();
    ids.sort_unstable();
    Some(Path { rows: ids.len(), found: Found::Ids(ids), answered, way: Way::Index(position) })
}

fn by_index<'a>(
    table: &'a Table,
    position: usize,
    probes: &'a [Probe<'a>],
    limit: usize,
) -> Option<Path<'a>> {
    let index = table.ordered(position)?;
    let columns = table.meta().indexes[position].columns;
    let (prefix, of_prefix) = equal_values(columns, probes);
    if prefix.len() == columns.len() {
        let entry = index.equal(&prefix);
        return Some(Path {
            rows: entry.map_or(0, Postings::len),
            found: entry.map_or(Found::Ids(Vec::new()), Found::Entry),
            answered: of_prefix,
            way: Way::Index(position),
        });
    }
    let next = columns[prefix.len()];
    let on_next = |probe: &&Probe<'_>| probe.column == next;
    let of_nulls = |probe: &Probe<'_>| matches!(probe.test, Test::Null).then_some(probe.bit);
    if columns.len() == 1
        && let Some(answered) = probes.iter().filter(on_next).find_map(of_nulls)
    {
        let (rows, way) = (index.nulls().len(), Way::Index(position));
        return Some(Path { rows, found: Found::Nulls(position), answered, way });
    }
    let (low, high, answered) = range_on(probes.iter().filter(on_next));
    if prefix.is_empty() && matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded)) {
        return None;
    }
    let (rows, found) = index.rows_within(&prefix, low.clone(), high.clone(), limit, REMEMBERED);
    Some(Path {
        rows,
        found: found.map_or_else(|| Found::Index(position, prefix, low, high), Found::Range),
        answered: of_prefix | answered,
        way: Way::Index(position),
    })
}
