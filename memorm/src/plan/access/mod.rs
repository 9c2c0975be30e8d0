//! Which rows are looked at: the choice of keys and indexes.
//!
//! ```text
//!   CAT = 3 & PRICE > 9.5 & (QTY < 2 | NAME = "x")      the conditions that must hold
//!      │         │                 │
//!   postings   range      union of two paths            what each key or index promises: an exact count, or "too many"
//!      └────┬────┘                 │
//!     intersection                 │                     where fetching fewer rows pays for reading another list
//!           └───────── the cheapest ┘                    or a scan: it reads rows in the order in which they lie in memory
//! ```
//!
//! Counts come from the lengths of postings, so they are exact; no statistics are kept. Costs are in units of a row that a
//! scan reads: see [`cost`].
//!
//! Must stay true: a path gives each row for which its conditions hold, once, in row order; conditions that a path does
//! not answer, and all beyond the 64th, stay in the filter.

mod condition;
mod key_sets;
mod lists;
mod path;
mod rows;
mod several;

use super::way::Way;
use crate::expr::Code;
use crate::table::{RowId, Table};
use condition::are_all;
pub(super) use condition::{Probe, Test, probes, range_on};
use path::paths;

/// How the rows of a statement are found.
pub(crate) struct Access {
    /// The rows to look at, in row order; `None` for all.
    pub(super) ids: Option<Vec<RowId>>,
    /// Whether the rows still have to pass the filter.
    pub(super) needs_filter: bool,
    /// How the plan is explained.
    pub(super) way: Way,
}

/// A row that an index gives is fetched from anywhere in memory: as dear as so many rows that a scan reads.
const FETCH: usize = 10;

/// A row id that is read from postings and sorted, so that it can be compared with those of another path. Measured, as the
/// above, by the benchmark `planner`.
const READ: usize = 3;

/// What it costs to find rows by a path, in rows of a scan.
fn cost(read: usize, fetched: usize) -> usize {
    read.saturating_mul(READ).saturating_add(fetched.saturating_mul(FETCH))
}

/// To read so many row ids costs more than to fetch `rows` rows.
fn most_beside(rows: usize) -> usize {
    rows.saturating_mul(FETCH) / READ + 1
}

/// Chooses how to find the rows for which `filter` may be true.
pub(crate) fn choose(table: &Table, filter: Option<&Code>) -> Access {
    let scan = |needs_filter| Access { ids: None, needs_filter, way: Way::Scan };
    let Some(filter) = filter else { return scan(false) };
    if filter.can_fail() {
        return scan(true);
    }
    let parts = filter.conjuncts();
    let found = probes(&parts);
    // beyond this a path is dearer than a scan
    let limit = (table.len() / FETCH).max(1);
    let mut candidates = paths(table, &found, limit);
    let choices = several::choices(&parts);
    candidates.extend(choices.iter().filter_map(|choice| several::any(table, choice, limit)));
    candidates.retain(|path| path.rows < limit || path.rows <= 1);
    let cheapest = several::cheapest(candidates, table.len());
    let Some(path) = cheapest.or_else(|| key_sets::path(table, &parts, limit)) else { return scan(true) };
    Access {
        needs_filter: !are_all(path.answered, parts.len()),
        way: path.way,
        ids: Some(rows::row_ids(table, path.found)),
    }
}
