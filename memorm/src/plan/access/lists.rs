//! Lists of values, `ID in (1, 4, 9)`: each looked up in the primary key, or in an index of its column alone.
//!
//! A look-up is at most as dear as a row that is fetched, measured by the benchmark `planner` too. So a list may have as many
//! values as a path may have rows. Lists are asked last: beside a path of few rows no long one is.
use super::condition::{Answered, Probe, Test};
use super::path::{Found, Path};
use crate::index::Postings;
use crate::plan::way::Way;
use crate::table::{RowId, Table};
use crate::value::Value;

/// The paths by a list of less than `limit` values each, which give less than `limit` rows.
pub(super) fn paths<'a>(table: &'a Table, probes: &'a [Probe<'a>], limit: usize) -> Vec<Path<'a>> {
    let meta = table.meta();
    let mut paths = Vec::new();
    if let Some((values, answered)) = list_on(meta.primary_key, probes, limit) {
        let ids = each(values, |value, ids| ids.extend(table.find(&[value.cell()])));
        paths.push(Path { rows: ids.len(), found: Found::Ids(ids), answered, way: Way::Key });
    }
    for (position, index) in meta.indexes.iter().enumerate() {
        let Some((values, answered)) = list_on(index.columns, probes, limit) else { continue };
        let way = Way::Index(position);
        if index.is_unique {
            let ids = each(values, |value, ids| ids.extend(table.find_unique(position, &[value.cell()])));
            paths.push(Path { rows: ids.len(), found: Found::Ids(ids), answered, way });
        } else if let Some((rows, entries)) = entries(table, position, values, limit) {
            paths.push(Path { rows, found: Found::Entries(entries), answered, way });
        }
    }
    paths
}

/// The shortest list of values for one column, where that is all there is of a key or index.
fn list_on<'a>(columns: &[u16], probes: &'a [Probe<'a>], limit: usize) -> Option<(&'a [Value], Answered)> {
    let [column] = *columns else { return None };
    let list = |probe: &'a Probe<'a>| match probe.test {
        Test::OneOf(values) if probe.column == column && values.len() < limit => Some((values, probe.bit)),
        _ => None,
    };
    probes.iter().filter_map(list).min_by_key(|(values, _)| values.len())
}

/// The rows of all values, each once.
fn each(values: &[Value], mut find: impl FnMut(&Value, &mut Vec<RowId>)) -> Vec<RowId> {
    let mut ids = Vec::new();
    values.iter().for_each(|value| find(value, &mut ids));
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What an index has under each value, and how many rows that is; `None` where there are too many.
fn entries<'a>(
    table: &'a Table,
    position: usize,
    values: &[Value],
    limit: usize,
) -> Option<(usize, Vec<&'a Postings>)> {
    let index = table.ordered(position)?;
    let (mut rows, mut entries) = (0, Vec::new());
    for entry in values.iter().filter_map(|value| index.equal(&[value.cell()])) {
        rows += entry.len();
        entries.push(entry);
        if rows >= limit {
            return None;
        }
    }
    Some((rows, entries))
}
