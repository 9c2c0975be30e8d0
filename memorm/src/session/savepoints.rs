//! Savepoints: a position in a log of what was overwritten.
use super::unit::{Next, Unit};
use super::work::TableWork;
use crate::fault;
use crate::model::AnyRow;
use crate::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A point to roll back to: [`Session::savepoint`](super::Session::savepoint) makes one,
/// [`rollback_to`](super::Session::rollback_to) returns to it, any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Savepoint(u64);

/// What undoes one write.
struct Undo {
    table: usize,
    entry: usize,
    before: Before,
}

enum Before {
    /// The entry did not exist, and this came next.
    Nothing(Next),
    /// The entry's row.
    Row(Option<Arc<dyn AnyRow>>),
}

/// The savepoints that are open, and the log while there are any.
#[derive(Default)]
pub(crate) struct Savepoints {
    open: Vec<(u64, usize)>,
    log: Vec<Undo>,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Savepoints {
    pub(super) fn created(&mut self, table: usize, entry: usize, next: Next) {
        if !self.open.is_empty() {
            self.log.push(Undo { table, entry, before: Before::Nothing(next) });
        }
    }

    pub(super) fn changed(&mut self, table: usize, entry: usize, row: Option<Arc<dyn AnyRow>>) {
        if !self.open.is_empty() {
            self.log.push(Undo { table, entry, before: Before::Row(row) });
        }
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.log.clear();
    }

    pub(super) fn are_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn position(&self, savepoint: &Savepoint) -> Result<usize> {
        self.open.iter().position(|(id, _)| *id == savepoint.0).ok_or(Error::StaleSavepoint)
    }
}

impl Unit {
    pub(super) fn savepoint(&mut self) -> Savepoint {
        self.base(); // the first call chooses the version
        self.settle();
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        self.savepoints.open.push((id, self.savepoints.log.len()));
        Savepoint(id)
    }

    /// Undoes everything since `savepoint` and drops the later ones.
    ///
    /// # Errors
    /// `StaleSavepoint` where it is not one of this transaction.
    pub(super) fn rollback_to(&mut self, savepoint: &Savepoint) -> Result<()> {
        let position = self.savepoints.position(savepoint)?;
        let length = self.savepoints.open[position].1;
        self.savepoints.open.truncate(position + 1);
        let undone = catch_unwind(AssertUnwindSafe(|| self.undo_to(length)));
        if let Err(panic) = undone {
            self.ask_no_more();
            self.undo_to(length);
            resume_unwind(panic);
        }
        Ok(())
    }

    /// Undoes what the log holds beyond `length`. A step stays in the log until it is done.
    fn undo_to(&mut self, length: usize) {
        while self.savepoints.log.len() > length {
            fault::point("rollback: a step");
            let Some(Undo { table, entry, before }) = self.savepoints.log.last() else { break };
            let (table, entry) = (*table, *entry);
            match before {
                Before::Row(row) => {
                    let row = row.clone();
                    self.put_back(table, entry, row);
                }
                Before::Nothing(next) => {
                    let next = *next;
                    let work = &self.work[table];
                    let before = self.base_row(work, &work.entries[entry]);
                    self.put_back(table, entry, before);
                    self.work[table].pop();
                    self.set_next(table, next);
                }
            }
            self.savepoints.log.pop();
        }
    }

    /// After a panic in a column type: from here on no code but memorm's runs, for what has panicked is not asked again.
    fn ask_no_more(&mut self) {
        let _ = self.take_private();
        self.work.iter_mut().for_each(TableWork::forget_maps);
    }

    /// Forgets a savepoint and those after it; what was done since stays.
    pub(super) fn release(&mut self, savepoint: &Savepoint) {
        if let Ok(position) = self.savepoints.position(savepoint) {
            self.savepoints.open.truncate(position);
        }
        if self.savepoints.open.is_empty() {
            self.savepoints.log.clear();
        }
    }

    /// A closure of `nested` or `transaction` begins.
    pub(crate) fn enter_closure(&mut self) {
        self.depth += 1;
    }

    /// The closure has ended with `result`: undoes what it did where it failed.
    ///
    /// # Errors
    /// Its own, `RolledBack` where it had rolled back by itself, `InTransaction` where it has put another session into the
    /// place of the one that it was given.
    pub(crate) fn leave_closure<T>(&mut self, result: Result<T>) -> Result<T> {
        let Some(outside) = self.depth.checked_sub(1) else { return result.and(Err(Error::InTransaction)) };
        let was_rolled_back = self.doomed.last() == Some(&self.depth);
        let mut undone = Ok(());
        if was_rolled_back {
            self.doomed.pop();
        } else if result.is_err() {
            undone = catch_unwind(AssertUnwindSafe(|| self.rollback_closure()));
        }
        self.depth = outside;
        if let Err(panic) = undone {
            self.close_floor();
            resume_unwind(panic);
        }
        if was_rolled_back { result.and(Err(Error::RolledBack)) } else { result }
    }

    /// Marks the beginning of a `nested` closure, which runs one level deeper.
    pub(super) fn open_floor(&mut self) {
        let savepoint = self.savepoint();
        self.floors.push((self.depth + 1, savepoint));
    }

    /// Forgets the beginning of a `nested` closure that has ended.
    pub(super) fn close_floor(&mut self) {
        if self.floors.last().is_some_and(|(depth, _)| *depth == self.depth + 1)
            && let Some((_, savepoint)) = self.floors.pop()
        {
            self.release(&savepoint);
        }
    }

    /// Undoes the work of the closure that runs: back to where `nested` began, or all of it.
    pub(super) fn rollback_closure(&mut self) {
        let floor =
            self.floors.last().filter(|(depth, _)| *depth == self.depth).map(|(_, point)| point.clone());
        if floor.is_none_or(|floor| self.rollback_to(&floor).is_err()) {
            self.reset();
        }
    }

    /// Undoes all work, or that of the closure that runs, which can then write no more.
    pub(super) fn rollback(&mut self) {
        self.rollback_closure();
        if self.depth > 0 && self.doomed.last() != Some(&self.depth) {
            self.doomed.push(self.depth);
        }
    }

    /// Undoes everything since a savepoint that lies within the closure that runs.
    pub(super) fn rollback_within(&mut self, savepoint: &Savepoint) -> Result<()> {
        self.base();
        let position = self.savepoints.position(savepoint)?;
        let floor = self.floors.last().filter(|(depth, _)| *depth == self.depth);
        let lowest = floor.map_or(Ok(0), |(_, floor)| self.savepoints.position(floor))?;
        if position < lowest {
            return Err(Error::StaleSavepoint);
        }
        self.rollback_to(savepoint)
    }

    /// Runs `work`; undoes it where it fails or panics.
    pub(super) fn whole_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let savepoint = self.savepoint();
        let result = catch_unwind(AssertUnwindSafe(|| work(self)));
        if result.is_err() {
            self.ask_no_more();
        }
        if !matches!(result, Ok(Ok(_))) {
            // a `rollback` inside of `work` has already dropped the savepoint together with the work
            let _ = self.rollback_to(&savepoint);
        }
        self.release(&savepoint);
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }
}
