//! The commit rule.
//!
//! ```text
//!     base v7 ───────────► mine            1. check own rules on base + mine
//!       └──► v8 (other)      │             2. head is still the base? publish
//!              │             │ validate    3. else: no row that I wrote may have changed,
//!              └────► v9 ◄───┘ rebase         rebase on the head, check again, from 2
//! ```
//!
//! Publishing is in place where nobody else holds the head, few rows change and only memorm's code would run: 4 to 5
//! times as fast for one row as path copying, which touches the reference counts of every sibling. Else the root is swapped.
//!
//! Invariants: a published version is never changed while it is shared. All code of the user runs outside of the lock,
//! `Drop` of replaced rows included. Not here: running a closure again; `Database::transaction` does.
use super::savepoints::Savepoints;
use super::unit::Unit;
use super::work::{Entry, TableWork, Unique};
use crate::database::Shared;
use crate::fault;
use crate::link::{Link, own};
use crate::model::AnyRow;
use crate::table::{Cells, RowId, Table};
use crate::value::show_key;
use crate::world::{Version, World};
use crate::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// Up to so many rows are written in place, under the lock.
const IN_PLACE: usize = 16_384;
/// Up to so many replaced rows are kept to be refilled.
const RECYCLED: usize = 16_384;
/// After so many rounds against a moving head, a committer waits for its turn.
const ROUNDS_BEFORE_TURN: usize = 3;

impl Unit {
    /// Makes everything visible, or changes nothing. A commit without changes returns the base's version.
    pub(super) fn commit(&mut self) -> Result<Version> {
        let is_idle = |work: &TableWork| work.entries.iter().all(|e| e.before.is_none() && e.now.is_none());
        if self.patches.is_empty() && self.work.iter().all(is_idle) {
            let version = self.base().version;
            self.reset();
            return Ok(version);
        }
        fault::point("commit");
        if self.work.iter().any(|work| work.is_due_at_commit || work.has_deletes) {
            self.check_due()?;
        }
        fault::point("commit: the rules hold");
        if self.shared.is_exclusive() {
            return Err(self.shared.busy());
        }
        if self.shared.is_in_hook() {
            return Err(Error::InTransaction);
        }
        if !self.shared.turns.is_queued()
            && let Some(version) = self.publish_in_place()
        {
            self.finish();
            return Ok(version);
        }
        self.commit_in_rounds()
    }

    /// Publishes onto whatever the head is by then: each round rebases on it, until nobody else was faster.
    fn commit_in_rounds(&mut self) -> Result<Version> {
        let shared = self.shared.clone();
        let mut turn = if shared.turns.is_queued() { shared.turns.wait() } else { None };
        let mut rounds = 0;
        let mut origin = None;
        loop {
            let published = match self.publish_in_place() {
                Some(version) => Ok(Some(version)),
                // a hook is the caller's code: it may panic
                None => {
                    catch_unwind(AssertUnwindSafe(|| self.publish_by_swap(&shared))).unwrap_or_else(|panic| {
                        self.return_to(origin.take());
                        resume_unwind(panic)
                    })
                }
            };
            match published {
                Ok(Some(version)) => {
                    self.finish();
                    return Ok(version);
                }
                Ok(None) => {}
                Err(refused) => {
                    self.return_to(origin);
                    return Err(refused);
                }
            }
            if shared.is_exclusive() {
                self.return_to(origin);
                return Err(shared.busy());
            }
            rounds += 1;
            if rounds >= ROUNDS_BEFORE_TURN && turn.is_none() {
                turn = shared.turns.wait();
            }
            self.settle();
            origin.get_or_insert_with(|| self.set_aside());
            if let Err(error) = self.rebase(shared.head()) {
                self.return_to(origin);
                return Err(error);
            }
        }
    }

    /// What the unit is before it moves onto another head.
    fn set_aside(&mut self) -> Origin {
        Origin {
            base: self.base().clone(),
            work: self.work.clone(),
            savepoints: std::mem::take(&mut self.savepoints),
        }
    }

    fn return_to(&mut self, origin: Option<Origin>) {
        if let Some(Origin { base, work, savepoints }) = origin {
            let _ = self.take_private();
            (self.work, self.savepoints) = (work, savepoints);
            self.set_base(base);
        }
    }

    /// Writes straight into the head; `None` where that is not allowed.
    fn publish_in_place(&mut self) -> Option<Version> {
        let rows: usize = self.work.iter().map(|work| work.entries.len()).sum();
        if self.private().is_some() || rows > IN_PLACE || !self.patches.are_short() || !self.is_built_in() {
            return None;
        }
        fault::point("in place");
        let base = self.take_base()?;
        let (work, patches) = (&mut self.work, &self.patches);
        let published = self.shared.change_head(
            base,
            |head| patches.suit(head),
            |head| {
                work.iter_mut().for_each(|work| work.move_into(head));
                patches.apply_to(head);
            },
        );
        match published {
            Ok(version) => Some(version),
            Err(base) => {
                self.set_base(base);
                None
            }
        }
    }

    /// Whether no code but memorm's runs when these rows are written.
    pub(super) fn is_built_in(&self) -> bool {
        let mut touched = self.work.iter().filter(|work| !work.is_idle());
        touched.all(|work| {
            // a new table is made outside of the lock
            work.is_built_in && self.base().table(work.kind.meta).is_some()
        })
    }

    /// Makes the next version beside the head and swaps it in; `None` where the head has moved on.
    ///
    /// # Errors
    /// `Refused` by a hook.
    fn publish_by_swap(&mut self, shared: &Shared) -> Result<Option<Version>> {
        fault::point("swap");
        let base = self.base().clone();
        self.own_view();
        fault::point("swap: the next version is made");
        let Some(mut next) = self.take_private() else { return Ok(None) };
        // a snapshot of the own view may share it
        own(&mut next).version = Version(base.version.0 + 1);
        shared.ask_hooks(&base, &next)?;
        fault::point("swap: the hooks agree");
        Ok(shared.swap_head(&base, next).ok())
    }

    /// What is left to do after a publish: counters, and memory to use again.
    fn finish(&mut self) {
        fault::point("published");
        self.raise_keys();
        // the private version and the base would keep the old rows alive
        let _ = (self.take_private(), self.take_base());
        self.recycle();
        self.discard();
    }

    pub(super) fn raise_keys(&self) {
        for work in self.work.iter().filter(|work| work.last_key != work.base_last_key) {
            self.shared.raise_key(work.kind.meta, work.last_key);
        }
    }

    /// Keeps the replaced rows that nobody holds. A delete gives memory back: it empties the store instead.
    pub(super) fn recycle(&mut self) {
        for work in &mut self.work {
            let number = work.kind.meta.number();
            if work.has_deletes {
                self.recycled.retain(|(table, _)| *table != number);
            }
            if !work.is_built_in || work.has_deletes {
                continue;
            }
            let at = self.recycled.iter().position(|(table, _)| *table == number).unwrap_or_else(|| {
                self.recycled.push((number, Vec::new()));
                self.recycled.len() - 1
            });
            let spare = &mut self.recycled[at].1;
            for entry in &mut work.entries {
                // a plain look at the count: who holds the row weakly is found out when it is to be refilled
                if let Some(before) = entry.before.take()
                    && spare.len() < RECYCLED
                    && Arc::strong_count(&before) == 1
                {
                    spare.push(before);
                }
            }
            work.entries.clear();
        }
    }

    /// Moves the unit onto a newer head.
    ///
    /// # Errors
    /// `Conflict` where another commit changed a row that this one wrote, or where a rule holds on the old base and not
    /// on the head, or where a serializable session has read what another commit changed.
    fn rebase(&mut self, head: Link<World>) -> Result<()> {
        fault::point("rebase");
        for work in &self.work {
            if !work.entries.is_empty() {
                head.check_name(work.kind.meta)?;
            }
            work.check_against(head.table(work.kind.meta))?;
        }
        self.check_reads(&head)?;
        fault::point("rebase: what was read holds");
        let _ = self.take_private();
        for work in self.work.iter_mut().filter(|work| !work.is_idle()) {
            work.renumber(head.table(work.kind.meta));
        }
        fault::point("rebase: the rows have new places");
        self.set_base(head);
        self.check_all().map_err(as_conflict)
    }
}

/// A unit as it was when its commit began.
struct Origin {
    base: Link<World>,
    work: Vec<TableWork>,
    savepoints: Savepoints,
}

/// A rule that another commit has broken for us.
fn as_conflict(error: Error) -> Error {
    let reason = format!("after another commit, {error}");
    match error {
        Error::Duplicate { table, value, .. } => Error::Conflict { table, key: value, reason },
        Error::DanglingReference { table, row, .. } => Error::Conflict { table, key: row, reason },
        Error::StillReferenced { table, key, .. } => Error::Conflict { table, key, reason },
        other => other,
    }
}

impl TableWork {
    /// Writes these rows into the head, which holds them as they were in the base.
    pub(super) fn move_into(&mut self, head: &mut World) {
        if self.is_idle() {
            return;
        }
        let table = head.table_mut(self.kind);
        table.slots = self.slots;
        table.last_key = table.last_key.max(self.last_key);
        for entry in &mut self.entries {
            // `before` stays in the entry: the last reference to a replaced row is never dropped under the lock
            match (&entry.before, entry.now.take()) {
                (None, Some(now)) => table.insert(entry.id, now),
                (Some(_), Some(now)) if entry.is_moved => drop(table.replace(entry.id, now)),
                (Some(_), Some(now)) => drop(table.exchange(entry.id, now)),
                (Some(_), None) => drop(table.remove(entry.id)),
                (None, None) => {}
            }
        }
    }

    /// First committer wins, row by row: what this session changed must be in `head` as it was in the base, and what it
    /// added must not be there under another row.
    fn check_against(&self, head: Option<&Table>) -> Result<()> {
        self.entries.iter().try_for_each(|entry| match &entry.before {
            Some(before) => {
                if head.is_some_and(|head| head.rows.holds(entry.id, before)) {
                    self.check_values(entry, head)
                } else {
                    Err(self.conflict(&**before, "another commit changed it".to_owned()))
                }
            }
            None => self.check_values(entry, head),
        })
    }

    /// New unique values, the primary key among them, must not be in `head`, except in rows that this session replaces.
    fn check_values(&self, entry: &Entry, head: Option<&Table>) -> Result<()> {
        let (Some(now), Some(head)) = (&entry.now, head) else { return Ok(()) };
        let meta = self.kind.meta;
        let mut uniques = vec![(Unique::PrimaryKey, meta.primary_key)];
        let unique = meta.indexes.iter().enumerate().filter(|(_, index)| index.is_unique);
        uniques.extend(unique.map(|(position, index)| (Unique::Index(position), index.columns)));
        for (unique, columns) in uniques {
            if !entry.has_new_values(columns) {
                continue;
            }
            // rows without a value are in no unique index
            let values = Cells::of(&**now, columns);
            let taken = match unique {
                Unique::PrimaryKey => head.find(&values).filter(|id| !self.replaces(*id)),
                Unique::Index(position) => head.find_unique(position, &values).find(|id| !self.replaces(*id)),
            };
            if taken.is_some() {
                let reason = format!(
                    "another commit took {}.{} {}",
                    meta.name,
                    meta.column_names(columns),
                    show_key(&values)
                );
                return Err(self.conflict(&**now, reason));
            }
        }
        Ok(())
    }

    /// Whether the row at `id` in the base is one that this session has changed or deleted. New rows do not count: their
    /// places are provisional.
    fn replaces(&self, id: RowId) -> bool {
        self.entry(id).is_some_and(|entry| entry.before.is_some())
    }

    fn conflict(&self, row: &dyn AnyRow, reason: String) -> Error {
        let meta = self.kind.meta;
        Error::Conflict { table: meta.name, key: show_key(&Cells::of(row, meta.primary_key)), reason }
    }
}
