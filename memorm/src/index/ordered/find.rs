//! Finding rows in an `OrderedIndex`: by key, by range, in order.
use super::bounds::{exactly, fixed_bounds, general_range, is_empty_range, is_null, text, text_bound};
use super::{Keys, OrderedIndex, Postings, Walk, encode, first};
use crate::link::OrdMap;
use crate::value::{Cell, Value};
use std::ops::Bound;
use std::sync::Arc;

/// Room for the rows of a range, before they are counted: as much as an allocator keeps at hand.
const USUAL: usize = 128;

impl OrderedIndex {
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
