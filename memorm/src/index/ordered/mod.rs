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
//!
//! | file | idea |
//! |---|---|
//! | `mod` | the layouts; putting rows in and taking them out |
//! | `find` | by key, by range, in order |
//! | `bounds` | from cells to the bounds of a map |
//! | `encode`, `text_key` | from values to keys that are compared fast |
//! | `batch` | many entries, sorted before they are put in |
//! | `walk` | postings in key order, whatever the layout |

mod batch;
mod bounds;
mod encode;
mod find;
mod text_key;
mod walk;

pub use batch::Batch;
pub use walk::Walk;

use super::Postings;
use crate::link::OrdMap;
use crate::value::{Cell, Kind, Value};
use batch::{Entries, pour};
use bounds::{exactly, is_null, text};
use equivalent::Comparable;
use std::sync::Arc;
use text_key::TextKey;

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

/// What `read` makes of the only column.
#[inline]
fn first<'c, T>(key: &[Cell<'c>], read: impl FnOnce(&Cell<'c>) -> Option<T>) -> Option<T> {
    key.first().and_then(read)
}

#[cfg(test)]
mod tests;
