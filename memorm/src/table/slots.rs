//! Where a new row goes: the row-id guess.
//!
//! For an integer key, row id = key − base is tried first and verified on the row. Tables whose keys count up need no
//! key index at all; only rows that break the pattern are in one.
use super::RowId;

/// How many slots may stay empty before rows no longer follow their keys: four a row, and this many.
const SLACK: u64 = 65_536;

/// What decides the row id of the next row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Slots {
    /// The key of row id 0; `None` while the table has never had an integer key.
    base: Option<i64>,
    /// One more than the last row id.
    end: RowId,
    /// Rows given out.
    given: u64,
}

impl Slots {
    /// The row id that an integer key asks for.
    #[inline]
    pub(crate) fn guess(&self, key: i64) -> Option<RowId> {
        u64::try_from(key.checked_sub(self.base?)?).ok()
    }

    /// The row id that an integer key asks for, if a row was ever there.
    #[inline]
    pub(super) fn guess_given(&self, key: i64) -> Option<RowId> {
        self.guess(key).filter(|id| *id < self.end)
    }

    /// Gives the next row its id: the one that its key asks for if that was never used, lies above all others and
    /// not too far; else the next free one. `is_empty` tells whether the table has no row now.
    pub(crate) fn give(&mut self, key: Option<i64>, is_empty: bool) -> RowId {
        if is_empty && let Some(key) = key {
            self.base = i64::try_from(self.end).ok().and_then(|end| key.checked_sub(end));
        }
        let limit = self.given.saturating_mul(4).saturating_add(SLACK);
        let asked =
            key.and_then(|key| self.guess(key)).filter(|id| *id >= self.end && *id <= limit.max(self.end));
        let id = asked.unwrap_or(self.end);
        self.end = id + 1;
        self.given += 1;
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_count_up_are_their_own_row_ids() {
        let mut slots = Slots::default();
        assert_eq!(slots.give(Some(1), true), 0);
        assert_eq!(slots.give(Some(2), false), 1);
        assert_eq!(slots.give(Some(12), false), 11);
        assert_eq!(slots.guess(12), Some(11));
    }

    #[test]
    fn a_late_smaller_key_takes_the_next_row_id() {
        let mut slots = Slots::default();
        slots.give(Some(5), true);
        slots.give(Some(7), false);
        assert_eq!(slots.give(Some(6), false), 3);
        assert_eq!(slots.give(Some(9), false), 4);
    }

    #[test]
    fn far_and_extreme_keys_waste_no_slots() {
        let mut slots = Slots::default();
        slots.give(Some(1), true);
        assert_eq!(slots.give(Some(i64::MAX), false), 1);
        assert_eq!(slots.give(Some(i64::MIN), false), 2);
        assert_eq!(slots.give(None, false), 3);
    }
}
