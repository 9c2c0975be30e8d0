//! Bounds: from cells to a range of the map.
//!
//! `NULL` and cells of another kind bound nothing in. An inverted range is found here, since the maps must not be
//! asked for it.

use super::encode::Place;
use super::{Postings, Walk};
use crate::link::OrdMap;
use crate::value::{Cell, Value};
use equivalent::Comparable;
use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

/// A place among compound keys, by their first columns: nothing is allocated to look there.
#[derive(Debug)]
pub(super) struct Probe<'a> {
    /// The first columns.
    pub(super) prefix: &'a [Cell<'a>],
    /// The column behind them.
    pub(super) next: Option<&'a Cell<'a>>,
    /// Where the place is seen from the keys that agree in these columns: before all of them (`Less`), behind all
    /// (`Greater`), or at the one that has no further columns.
    pub(super) side: Ordering,
}

impl Comparable<Arc<[Value]>> for Probe<'_> {
    fn compare(&self, key: &Arc<[Value]>) -> Ordering {
        let columns = self.prefix.iter().chain(self.next);
        columns
            .zip(key.iter())
            .map(|(cell, value)| compare(cell, value))
            .find(|o| o.is_ne())
            .unwrap_or(self.side)
    }
}

impl equivalent::Equivalent<Arc<[Value]>> for Probe<'_> {
    fn equivalent(&self, key: &Arc<[Value]>) -> bool {
        self.compare(key).is_eq()
    }
}

fn compare(cell: &Cell<'_>, value: &Value) -> Ordering {
    match (cell, value) {
        (Cell::Int(a), Value::Int(b)) => a.cmp(b),
        (Cell::Wide(a), Value::Wide(b)) => a.cmp(b),
        (Cell::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Cell::Other(a), b) => a.cmp(b),
        (a, b) => a.cmp(&b.cell()),
    }
}

/// The text of a cell of a text column.
pub(super) fn text<'c>(cell: &Cell<'c>) -> Option<&'c str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether any column is `NULL`.
pub(super) fn is_null(key: &[Cell<'_>]) -> bool {
    key.iter().any(Cell::is_null)
}

/// The place of a whole key.
pub(super) fn exactly<'c>(key: &'c [Cell<'c>]) -> Probe<'c> {
    Probe { prefix: key, next: None, side: Ordering::Equal }
}

/// The bounds of a column of fixed size; `None` when nothing can lie between them.
pub(super) fn fixed_bounds<K: Ord>(
    low: &Bound<Cell<'_>>,
    high: &Bound<Cell<'_>>,
    place: impl Fn(&Cell<'_>) -> Place<K>,
) -> Option<(Bound<K>, Bound<K>)> {
    let low = match (low.as_ref().map(&place), Place::Below) {
        (Bound::Included(Place::At(key)), _) => Bound::Included(key),
        (Bound::Excluded(Place::At(key)), _) => Bound::Excluded(key),
        (Bound::Included(at) | Bound::Excluded(at), below) if at != below => return None,
        _ => Bound::Unbounded,
    };
    let high = match (high.as_ref().map(&place), Place::Above) {
        (Bound::Included(Place::At(key)), _) => Bound::Included(key),
        (Bound::Excluded(Place::At(key)), _) => Bound::Excluded(key),
        (Bound::Included(at) | Bound::Excluded(at), above) if at != above => return None,
        _ => Bound::Unbounded,
    };
    (!is_empty_range(&low, &high)).then_some((low, high))
}

/// A bound of a text column; `None` where the cell is not text.
pub(super) fn text_bound<'c>(bound: &Bound<Cell<'c>>) -> Option<Bound<&'c [u8]>> {
    Some(match bound {
        Bound::Included(cell) => Bound::Included(text(cell)?.as_bytes()),
        Bound::Excluded(cell) => Bound::Excluded(text(cell)?.as_bytes()),
        Bound::Unbounded => Bound::Unbounded,
    })
}

/// A range of compound keys.
pub(super) fn general_range<'m>(
    map: &'m OrdMap<Arc<[Value]>, Postings>,
    columns: usize,
    prefix: &[Cell<'_>],
    low: &Bound<Cell<'_>>,
    high: &Bound<Cell<'_>>,
) -> Walk<'m> {
    let is_null = |bound: &Bound<Cell<'_>>| matches!(bound, Bound::Included(cell) | Bound::Excluded(cell) if cell.is_null());
    if self::is_null(prefix) || is_null(low) || is_null(high) || is_empty_range(low, high) {
        return Walk::default();
    }
    if prefix.len() >= columns {
        return Walk::one(map.get(&exactly(prefix)));
    }
    let at = |next, side| Probe { prefix, next, side };
    let from = match low {
        Bound::Included(cell) => at(Some(cell), Ordering::Less),
        Bound::Excluded(cell) => at(Some(cell), Ordering::Greater),
        Bound::Unbounded => at(None, Ordering::Less),
    };
    let to = match (high, low) {
        (Bound::Included(cell), _) => at(Some(cell), Ordering::Greater),
        (Bound::Excluded(cell), _) => at(Some(cell), Ordering::Less),
        (Bound::Unbounded, Bound::Unbounded) => at(None, Ordering::Greater),
        // a bound on one side excludes `NULL`, the greatest
        (Bound::Unbounded, _) => at(Some(&Cell::Null), Ordering::Less),
    };
    map.range::<_, Probe<'_>>((Bound::Included(&from), Bound::Included(&to))).into()
}

/// Whether nothing can lie between the bounds.
pub(super) fn is_empty_range<K: Ord>(low: &Bound<K>, high: &Bound<K>) -> bool {
    match (low, high) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => {
            low >= high
        }
    }
}
