//! `Reach`: the related rows of many rows at once, looked up once for each key.
use super::{Budget, World};
use crate::Result;
use crate::model::{AnyRow, Path, TableMeta};
use crate::table::{Cells, RowId};
use crate::value::KeySet;
use std::collections::HashMap;
use std::ops::Range;

/// After so many rows the limits are looked at.
const BATCH: usize = 1024;

/// What many rows lead to.
pub(crate) struct Reach {
    /// The rows that are reached, each once.
    pub(crate) ids: Vec<RowId>,
    /// Places in `ids`, key after key.
    places: Vec<usize>,
    /// The part of `places` that belongs to a key.
    of_key: Vec<Range<usize>>,
    /// The key of each row that was asked for; `None` where a part of it is.
    keys: Vec<Option<usize>>,
}

impl Reach {
    /// The places in `ids` of what a row leads to.
    pub(crate) fn places(&self, row: usize) -> &[usize] {
        self.keys[row].map_or(&[], |key| &self.places[self.of_key[key].clone()])
    }

    /// How many keys were looked up.
    pub(crate) fn lookups(&self) -> usize {
        self.of_key.len()
    }
}

impl World {
    /// What these rows lead to, each in the order of [`related`](Self::related). Equal keys are looked up once.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn reach(
        &self,
        (path, to): (Path, &'static TableMeta),
        only_first: bool,
        rows: &mut dyn Iterator<Item = &dyn AnyRow>,
        budget: &Budget,
    ) -> Result<Reach> {
        let mut asked = KeySet::new(path.from.len());
        let mut reach = Reach { ids: Vec::new(), places: Vec::new(), of_key: Vec::new(), keys: Vec::new() };
        // two keys can reach the same row across a link table alone: else one of them would not be the row's
        let mut known = path.through.map(|_| HashMap::new());
        for row in rows {
            let key = Cells::of(row, path.from);
            if asked.insert(&key) {
                let start = reach.places.len();
                let found = self.related_to(path, to, &key).into_iter();
                for id in found.take(if only_first { 1 } else { usize::MAX }) {
                    let next = reach.ids.len();
                    let place = known.as_mut().map_or(next, |known| *known.entry(id).or_insert(next));
                    if place == next {
                        reach.ids.push(id);
                    }
                    reach.places.push(place);
                }
                reach.of_key.push(start..reach.places.len());
            }
            reach.keys.push(asked.place(&key));
            if reach.keys.len().is_multiple_of(BATCH) {
                budget.check(reach.places.len(), size_of::<usize>())?;
            }
        }
        budget.check(reach.places.len(), size_of::<usize>())?;
        Ok(reach)
    }
}
