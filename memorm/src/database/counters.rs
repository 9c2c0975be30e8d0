//! Keys for `auto` columns: handed out once, over all sessions of a database.
use super::sync::{AtomicU64, RwLock};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// The last key that was handed out, by table number. Versions hold their own copy, so a fork goes on from there.
#[derive(Default)]
pub(super) struct Counters(RwLock<Vec<AtomicU64>>);

impl Counters {
    /// Hands out the next key above `above`; `None` when there is none or it does not fit the column.
    pub(super) fn next(&self, table: usize, above: u64, fits: &dyn Fn(u64) -> bool) -> Option<u64> {
        self.with(table, |counter| {
            let next = |last: u64| last.max(above).checked_add(1).filter(|key| fits(*key));
            let last = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok()?;
            next(last)
        })
    }

    /// Keys up to `key` are in use.
    pub(super) fn raise(&self, table: usize, key: u64) {
        self.with(table, |counter| counter.fetch_max(key, Ordering::Relaxed));
    }

    /// Forgets what was handed out: keys go on from what a version says, by table. A session that reads an older version
    /// must not get what is in use in this one.
    pub(super) fn rewind(&self, keys: impl Iterator<Item = (usize, u64)>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.clear();
        for (table, key) in keys {
            *counter_of(&mut all, table) = AtomicU64::new(key);
        }
    }

    fn with<T>(&self, table: usize, work: impl Fn(&AtomicU64) -> T) -> T {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = known.get(table) {
            return work(counter);
        }
        drop(known);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        work(counter_of(&mut all, table))
    }
}

/// The counter of a table, made where it was absent.
fn counter_of(all: &mut Vec<AtomicU64>, table: usize) -> &mut AtomicU64 {
    if all.len() <= table {
        all.resize_with(table + 1, AtomicU64::default);
    }
    &mut all[table]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_handed_out_once_and_end() {
        let counters = Counters::default();
        let any = &|_| true;
        assert_eq!(counters.next(3, 0, any), Some(1));
        assert_eq!(counters.next(3, 90, any), Some(91));
        assert_eq!(counters.next(3, 5, any), Some(92));
        counters.raise(3, u64::MAX);
        assert_eq!(counters.next(3, 0, any), None);
    }

    #[test]
    fn rewound_keys_go_on_from_what_they_are_set_to() {
        let counters = Counters::default();
        counters.raise(0, 9);
        counters.raise(2, 9);
        counters.rewind([(2, 4)].into_iter());
        assert_eq!(counters.next(2, 0, &|_| true), Some(5));
        assert_eq!(counters.next(0, 0, &|_| true), Some(1));
    }

    #[test]
    fn a_key_that_does_not_fit_is_not_used_up() {
        let counters = Counters::default();
        let byte = &|key| key <= 255;
        assert_eq!(counters.next(1, 255, byte), None);
        assert_eq!(counters.next(1, 0, byte), Some(1));
    }
}
