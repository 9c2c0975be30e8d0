//! What is checked when.
//!
//! | constraint | when |
//! |---|---|
//! | primary key, `check` | at each write |
//! | unique | at the end of each call or statement |
//! | unique, deferred; foreign keys; `restrict` | at `flush` and commit |
//!
//! Checks read the session's own view. At commit on a head that has moved on they run once more against the head plus
//! the own writes, and a rule that breaks only there is a conflict.
use super::unit::Unit;
use super::work::Entry;
use crate::Result;
use crate::fault;
use crate::model::{AnyRow, TableMeta};
use crate::table::{Cells, RowId, Table, TableType, same_cells};
use crate::world::dangling;

impl Unit {
    /// Checks the unique indexes that are due for one row: the deferred ones or all others. `known` is the row's place
    /// and what it was before; values that have not changed were checked when they were written.
    ///
    /// # Errors
    /// `Duplicate`.
    pub(super) fn check_unique(
        &self,
        meta: &'static TableMeta,
        row: &dyn AnyRow,
        known: Option<(RowId, Option<&dyn AnyRow>)>,
        deferred: bool,
    ) -> Result<()> {
        for (position, index) in meta.indexes.iter().enumerate() {
            let is_due = index.is_unique && index.is_deferred == deferred;
            let old = known.and_then(|(_, old)| old);
            if !is_due || old.is_some_and(|old| same_cells(old, row, index.columns)) {
                continue;
            }
            let values = Cells::of(row, index.columns);
            if let Some(other) = self.find_unique(meta, position, &values, known.map(|(id, _)| id)) {
                return Err(self.duplicate(meta, index.columns, &values, other));
            }
        }
        Ok(())
    }

    /// Checks the unique indexes for the rows that a statement has written.
    pub(super) fn check_unique_rows(&self, kind: TableType, ids: &[RowId]) -> Result<()> {
        let has_unique = kind.meta.indexes.iter().any(|index| index.is_unique && !index.is_deferred);
        if !has_unique {
            return Ok(());
        }
        ids.iter().try_for_each(|id| match self.row(kind.meta, *id) {
            Some(row) => self.check_unique(kind.meta, row, Some((*id, None)), false),
            None => Ok(()),
        })
    }

    /// Checks what is due at commit, for the caller to see: what fails has shown more than was asked for.
    ///
    /// # Errors
    /// Those of [`check_all`](Self::check_all).
    pub(super) fn check_due(&self) -> Result<()> {
        let result = self.check_all();
        if let (Err(_), Some(reads)) = (&result, &self.reads) {
            reads.note_everything();
        }
        result
    }

    /// Checks everything that is due at commit.
    ///
    /// # Errors
    /// `Duplicate`, `DanglingReference`, `StillReferenced`: of the first table used, its first row written.
    pub(super) fn check_all(&self) -> Result<()> {
        for work in self.work.iter().filter(|work| work.is_due_at_commit) {
            let meta = work.kind.meta;
            let base = self.base().table(meta);
            let has_deferred = meta.indexes.iter().any(|index| index.is_deferred);
            for entry in &work.entries {
                fault::point("check: a row");
                let Some(now) = &entry.now else { continue };
                self.check_references(meta, entry, base, &**now)?;
                if has_deferred {
                    self.check_unique(meta, &**now, Some((entry.id, entry.before(base))), true)?;
                }
            }
        }
        self.work.iter().filter(|work| work.has_deletes).try_for_each(|work| {
            let deleted = work.entries.iter().filter(|entry| entry.now.is_none());
            self.check_referrers(work.kind.meta, deleted)
        })
    }

    fn check_references(
        &self,
        meta: &'static TableMeta,
        entry: &Entry,
        base: Option<&Table>,
        row: &dyn AnyRow,
    ) -> Result<()> {
        for relation in meta.relations.iter().filter(|relation| entry.has_new_values(base, relation.columns))
        {
            let key = Cells::of(row, relation.columns);
            if !key.has_null() && self.place_of((relation.target)(), &key).is_none() {
                return Err(dangling(meta, row, relation, &key));
            }
        }
        Ok(())
    }

    fn check_referrers<'a>(
        &self,
        meta: &'static TableMeta,
        mut deleted: impl Iterator<Item = &'a Entry>,
    ) -> Result<()> {
        if !self.is_referred_to(meta) {
            return Ok(());
        }
        let base = self.base().table(meta);
        deleted.try_for_each(|entry| {
            let Some(before) = entry.before(base) else { return Ok(()) };
            let world = self.own_view();
            match world.referring_row(meta, before) {
                Some(by) => Err(world.still_referenced(meta, before, by)),
                None => Ok(()),
            }
        })
    }
}
