//! `OrderedIndex`: from the values of one or more columns to the rows that have them, in the order of values.
//!
//! ```text
//!   one column of at most 64 bits     i64         ─► Postings
//!   one column of 128 bits            i128        ─► Postings
//!   one text column                   TextKey     ─► Postings
//!   any other, and several columns    Arc<[Value]>─► Postings
//!   NULL in an index of one column                   Postings, behind all keys
//! ```
//!
//! The layout is chosen once, by the kinds of the columns. There are four maps for all models: nothing here is
//! generic over rows. Looking up allocates nothing, whatever the layout.
//!
//! Invariants:
//! - No key has empty postings.
//! - `rows` is the sum of the lengths of all postings, `NULL`s included.
//! - A cell that the column cannot hold, which no lawful `Field` yields, counts as `NULL`: putting in and taking out
//!   agree about it.
//!
//! Absent: the keys themselves are not handed out. The rows have them.

use super::batch::{Batch, Entries, pour};
use super::bounds::{exactly, fixed_bounds, general_range, is_empty_range, is_null, text, text_bound};
use super::text_key::TextKey;
use super::{Postings, Walk, encode};
use crate::link::OrdMap;
use crate::value::{Cell, Kind, Value};
use equivalent::Comparable;
use std::ops::Bound;
use std::sync::Arc;

/// Room for the rows of a range, before they are counted: as much as an allocator keeps at hand.
const USUAL: usize = 128;

/// An index in the order of its keys.
///
/// `clone` copies a pointer. Everything that finds one key is `O(log n)`.
#[derive(Clone, Debug)]
pub struct OrderedIndex {
    keys: Keys,
    nulls: Postings,
    rows: usize,
}

#[derive(Clone, Debug)]
enum Keys {
    Narrow(Kind, OrdMap<i64, Postings>),
    Wide(Kind, OrdMap<i128, Postings>),
    Text(OrdMap<TextKey, Postings>),
    /// With the number of columns.
    General(usize, OrdMap<Arc<[Value]>, Postings>),
}

impl OrderedIndex {
    /// An empty index on columns of these kinds.
    pub fn new(kinds: &[Kind]) -> Self {
        let keys = match *kinds {
            [kind] if encode::is_narrow(kind) => Keys::Narrow(kind, OrdMap::new()),
            [kind] if encode::is_wide(kind) => Keys::Wide(kind, OrdMap::new()),
            [Kind::Text] => Keys::Text(OrdMap::new()),
            _ => Keys::General(kinds.len(), OrdMap::new()),
        };
        Self { keys, nulls: Postings::default(), rows: 0 }
    }

    /// How many rows there are, those with `NULL` included.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// How many keys there are. `NULL` in an index of one column is not a key.
    pub fn distinct(&self) -> usize {
        match &self.keys {
            Keys::Narrow(_, map) => map.len(),
            Keys::Wide(_, map) => map.len(),
            Keys::Text(map) => map.len(),
            Keys::General(_, map) => map.len(),
        }
    }

    /// Bytes on the heap, by the number of keys and rows.
    pub fn bytes(&self) -> usize {
        let key = match &self.keys {
            Keys::Narrow(..) => size_of::<i64>(),
            Keys::Wide(..) => size_of::<i128>(),
            Keys::Text(_) => size_of::<TextKey>(),
            Keys::General(columns, _) => size_of::<Arc<[Value]>>() + columns * size_of::<Value>() + 16,
        };
        let distinct = self.distinct();
        // nodes are three quarters full on average
        distinct * (key + size_of::<Postings>()) * 4 / 3 + Postings::bytes_of(distinct, self.rows)
    }

    /// The rows with `NULL`, in an index of one column.
    pub fn nulls(&self) -> &Postings {
        &self.nulls
    }

    /// Removes every row.
    pub fn clear(&mut self) {
        match &mut self.keys {
            Keys::Narrow(_, map) => *map = OrdMap::new(),
            Keys::Wide(_, map) => *map = OrdMap::new(),
            Keys::Text(map) => *map = OrdMap::new(),
            Keys::General(_, map) => *map = OrdMap::new(),
        }
        self.nulls = Postings::default();
        self.rows = 0;
    }

    /// Adds a row under its key; false when it is there already.
    pub fn insert(&mut self, key: &[Cell<'_>], row: u64) -> bool {
        let is_new = match &mut self.keys {
            Keys::Narrow(kind, map) => match first(key, |cell| encode::narrow(*kind, cell).key()) {
                Some(key) => add(map, &key, row, || key),
                None => self.nulls.insert(row),
            },
            Keys::Wide(kind, map) => match first(key, |cell| encode::wide(*kind, cell).key()) {
                Some(key) => add(map, &key, row, || key),
                None => self.nulls.insert(row),
            },
            Keys::Text(map) => match first(key, text) {
                Some(text) => add(map, text.as_bytes(), row, || text.into()),
                None => self.nulls.insert(row),
            },
            Keys::General(1, _) if is_null(key) => self.nulls.insert(row),
            Keys::General(_, map) => {
                add(map, &exactly(key), row, || key.iter().map(Cell::to_value).collect())
            }
        };
        self.rows += usize::from(is_new);
        is_new
    }

    /// Removes a row; false when it is not under this key, and the index should be rebuilt.
    pub fn remove(&mut self, key: &[Cell<'_>], row: u64) -> bool {
        let is_found = match &mut self.keys {
            Keys::Narrow(kind, map) => match first(key, |cell| encode::narrow(*kind, cell).key()) {
                Some(key) => take(map, &key, row),
                None => self.nulls.remove(row),
            },
            Keys::Wide(kind, map) => match first(key, |cell| encode::wide(*kind, cell).key()) {
                Some(key) => take(map, &key, row),
                None => self.nulls.remove(row),
            },
            Keys::Text(map) => match first(key, text) {
                Some(text) => take(map, text.as_bytes(), row),
                None => self.nulls.remove(row),
            },
            Keys::General(1, _) if is_null(key) => self.nulls.remove(row),
            Keys::General(_, map) => take(map, &exactly(key), row),
        };
        self.rows -= usize::from(is_found);
        is_found
    }

    /// Adds many rows at once: three to four times as fast as one by one.
    pub fn extend(&mut self, mut batch: Batch<'_>) {
        match (&mut self.keys, batch.entries) {
            (Keys::Narrow(_, map), Entries::Narrow(_, entries)) => {
                self.rows += pour(map, entries, |k| k, |k| *k)
            }
            (Keys::Wide(_, map), Entries::Wide(_, entries)) => self.rows += pour(map, entries, |k| k, |k| *k),
            (Keys::Text(map), Entries::Text(entries)) => {
                self.rows += pour(map, entries, |k: &&str| k.as_bytes(), |k| TextKey::from(*k));
            }
            (Keys::General(_, map), Entries::General(_, entries)) => {
                self.rows += pour(map, entries, |k| k, Arc::clone);
            }
            // a batch is made by `batch`, which takes the layout from the index
            _ => {}
        }
        batch.nulls.sort_unstable();
        batch.nulls.dedup();
        self.rows += self.nulls.extend_sorted(&batch.nulls);
    }

    /// A batch to be filled and given to `extend`.
    pub fn batch<'a>(&self) -> Batch<'a> {
        let entries = match &self.keys {
            Keys::Narrow(kind, _) => Entries::Narrow(*kind, Vec::new()),
            Keys::Wide(kind, _) => Entries::Wide(*kind, Vec::new()),
            Keys::Text(_) => Entries::Text(Vec::new()),
            Keys::General(columns, _) => Entries::General(*columns, Vec::new()),
        };
        Batch { entries, nulls: Vec::new() }
    }

    /// The rows with this key. A key with `NULL` in it equals nothing.
    pub fn equal(&self, key: &[Cell<'_>]) -> Option<&Postings> {
        match &self.keys {
            Keys::Narrow(kind, map) => map.get(&encode::narrow(*kind, key.first()?).key()?),
            Keys::Wide(kind, map) => map.get(&encode::wide(*kind, key.first()?).key()?),
            Keys::Text(map) => map.get(text(key.first()?)?.as_bytes()),
            Keys::General(..) if is_null(key) => None,
            Keys::General(_, map) => map.get(&exactly(key)),
        }
    }

    /// Whether the row is under this key, `NULL`s included: what `insert` put there and `remove` takes away.
    pub fn holds(&self, key: &[Cell<'_>], row: u64) -> bool {
        let postings = match &self.keys {
            Keys::General(columns, map) if *columns > 1 => map.get(&exactly(key)),
            Keys::Narrow(kind, _) if first(key, |cell| encode::narrow(*kind, cell).key()).is_none() => {
                Some(&self.nulls)
            }
            Keys::Wide(kind, _) if first(key, |cell| encode::wide(*kind, cell).key()).is_none() => {
                Some(&self.nulls)
            }
            Keys::Text(_) if first(key, text).is_none() => Some(&self.nulls),
            Keys::General(..) if is_null(key) => Some(&self.nulls),
            _ => self.equal(key),
        };
        postings.is_some_and(|postings| postings.contains(row))
    }

    /// The postings of a range of keys, in key order; `rev()` gives them in descending order.
    ///
    /// `prefix` is equality on the first columns, `low` and `high` bound the column behind them. Without bounds that
    /// column is not looked at, so that its `NULL`s are in the range of a compound key; with a bound they are not.
    /// `NULL` in the prefix or in a bound gives nothing, and so does a lower bound above the upper one.
    pub fn range(&self, prefix: &[Cell<'_>], low: Bound<Cell<'_>>, high: Bound<Cell<'_>>) -> Walk<'_> {
        match &self.keys {
            Keys::General(columns, map) => general_range(map, *columns, prefix, &low, &high),
            _ if !prefix.is_empty() => Walk::one(self.equal(prefix)),
            Keys::Narrow(kind, map) => {
                let bounds = fixed_bounds(&low, &high, |cell| encode::narrow(*kind, cell));
                bounds.map(|bounds| map.range(bounds).into()).unwrap_or_default()
            }
            Keys::Wide(kind, map) => {
                let bounds = fixed_bounds(&low, &high, |cell| encode::wide(*kind, cell));
                bounds.map(|bounds| map.range(bounds).into()).unwrap_or_default()
            }
            Keys::Text(map) => match (text_bound(&low), text_bound(&high)) {
                (Some(low), Some(high)) if !is_empty_range(&low, &high) => {
                    map.range::<_, [u8]>((low, high)).into()
                }
                _ => Walk::default(),
            },
        }
    }

    /// How many rows are in a range, as far as `cap`: a result of `cap` means that many or more. Besides the rows, in key
    /// order, if there are `most` of them or fewer.
    pub fn rows_within(
        &self,
        prefix: &[Cell<'_>],
        low: Bound<Cell<'_>>,
        high: Bound<Cell<'_>>,
        cap: usize,
        most: usize,
    ) -> (usize, Option<Vec<u64>>) {
        let (mut count, mut rows) = (0, Vec::with_capacity(USUAL));
        let most = most.min(cap.saturating_sub(1));
        let mut is_below_cap = |postings: &Postings| {
            count += postings.len();
            if count <= most {
                postings.extend_into(&mut rows);
                return true;
            }
            count < cap
        };
        let _ = match &self.keys {
            Keys::Narrow(kind, map) if prefix.is_empty() => {
                let bounds = fixed_bounds(&low, &high, |cell| encode::narrow(*kind, cell));
                bounds.is_none_or(|bounds| ascend(map, bounds, is_below_cap))
            }
            Keys::Wide(kind, map) if prefix.is_empty() => {
                let bounds = fixed_bounds(&low, &high, |cell| encode::wide(*kind, cell));
                bounds.is_none_or(|bounds| ascend(map, bounds, is_below_cap))
            }
            _ => self.range(prefix, low, high).all(&mut is_below_cap),
        };
        (count.min(cap), (count <= most).then_some(rows))
    }

    /// All postings in ascending key order, `NULL` last.
    pub fn ascending(&self) -> impl DoubleEndedIterator<Item = &Postings> + std::fmt::Debug {
        let walk: Walk<'_> = match &self.keys {
            Keys::Narrow(_, map) => map.range::<_, i64>(..).into(),
            Keys::Wide(_, map) => map.range::<_, i128>(..).into(),
            Keys::Text(map) => map.range::<_, [u8]>(..).into(),
            Keys::General(_, map) => map.range::<_, Arc<[Value]>>(..).into(),
        };
        walk.chain((!self.nulls.is_empty()).then_some(&self.nulls))
    }

    /// All postings in descending key order, `NULL` first. Inside a key rows ascend all the same.
    pub fn descending(&self) -> impl DoubleEndedIterator<Item = &Postings> + std::fmt::Debug {
        self.ascending().rev()
    }

    /// Whether the invariants hold. Reads the whole index.
    pub fn is_consistent(&self) -> bool {
        let is_ordered = match &self.keys {
            Keys::Narrow(_, map) => map.keys().is_sorted_by(|a, b| a < b),
            Keys::Wide(_, map) => map.keys().is_sorted_by(|a, b| a < b),
            Keys::Text(map) => map.keys().is_sorted_by(|a, b| a < b),
            Keys::General(_, map) => map.keys().is_sorted_by(|a, b| a < b),
        };
        let is_sound = |postings: &Postings| !postings.is_empty() && postings.is_consistent();
        let rows: usize = self.ascending().map(Postings::len).sum();
        is_ordered && rows == self.rows && self.ascending().all(is_sound)
    }
}

fn add<K, Q>(map: &mut OrdMap<K, Postings>, key: &Q, row: u64, own: impl FnOnce() -> K) -> bool
where
    K: Ord + Clone,
    Q: Comparable<K> + ?Sized,
{
    if let Some(postings) = map.get_mut(key) {
        return postings.insert(row);
    }
    map.insert(own(), Postings::one(row));
    true
}

fn take<K, Q>(map: &mut OrdMap<K, Postings>, key: &Q, row: u64) -> bool
where
    K: Ord + Clone,
    Q: Comparable<K> + ?Sized,
{
    let Some(postings) = map.get_mut(key) else { return false };
    if postings.len() > 1 {
        return postings.remove(row);
    }
    if !postings.contains(row) {
        return false;
    }
    map.remove(key);
    if map.is_empty() {
        // an emptied map keeps a node
        *map = OrdMap::new();
    }
    true
}

/// Whether all postings of a range are `wanted`, in the order of its keys; ends at the first that is not. To compare keys with
/// the upper bound is quicker than to look up where it lies.
fn ascend<K: Ord>(
    map: &OrdMap<K, Postings>,
    (low, high): (Bound<K>, Bound<K>),
    mut wanted: impl FnMut(&Postings) -> bool,
) -> bool {
    let is_within = |key: &K| match &high {
        Bound::Included(high) => key <= high,
        Bound::Excluded(high) => key < high,
        Bound::Unbounded => true,
    };
    let keys = map.range((low, Bound::Unbounded));
    keys.take_while(|(key, _)| is_within(key)).all(|(_, postings)| wanted(postings))
}

/// What `read` makes of the only column.
#[inline]
fn first<'c, T>(key: &[Cell<'c>], read: impl FnOnce(&Cell<'c>) -> Option<T>) -> Option<T> {
    key.first().and_then(read)
}

#[cfg(test)]
#[path = "tests/ordered.rs"]
mod tests;
