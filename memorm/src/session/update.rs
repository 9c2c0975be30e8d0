//! An update of one row: the row as it was, its copy on the way, and the memory that copies use again.
//!
//! ```text
//!   draft ──► the caller changes the copy ──► checks ──► the work takes it in the row's place
//!     │ refilled from
//!   rows that an earlier commit has replaced and nobody holds
//! ```
use super::entries::Overwrite;
use super::rows::{UniqueChecks, key_changed, not_found};
use super::unit::Unit;
use crate::Result;
use crate::model::{AnyRow, Model, TableMeta, downcast_row};
use crate::table::{RowId, TableType, are_found_alike, same_cells};
use crate::value::Cell;
use std::sync::Arc;

/// An update on its way: a row, and the copy that is to replace it.
pub(super) struct Draft {
    at: usize,
    id: RowId,
    old: Arc<dyn AnyRow>,
    row: Arc<dyn AnyRow>,
    /// Whether the row surely has no entry yet.
    is_first: bool,
    /// Whether `row` is a replaced row that is not refilled yet.
    is_spare: bool,
}

impl Draft {
    /// `row` is to replace `old`, which may have been written by this unit.
    pub(super) fn new(at: usize, id: RowId, old: Arc<dyn AnyRow>, row: Arc<dyn AnyRow>) -> Self {
        Self { at, id, old, row, is_first: false, is_spare: false }
    }

    pub(super) fn id(&self) -> RowId {
        self.id
    }

    /// Whether the new row has the old one's values in all columns that the table finds it by.
    pub(super) fn is_found_alike<M: Model>(&self) -> bool {
        match (downcast_row::<M>(&*self.old), downcast_row::<M>(&*self.row)) {
            (Some(old), Some(new)) => are_found_alike(old, new),
            _ => false,
        }
    }

    /// The row as it was.
    pub(super) fn old(&self) -> &dyn AnyRow {
        &*self.old
    }

    /// The copy, to be changed.
    pub(super) fn row_mut(&mut self) -> &mut dyn AnyRow {
        let row = Arc::get_mut(&mut self.row).expect("invariant: a fresh copy has one owner");
        if std::mem::take(&mut self.is_spare) {
            let is_refilled = row.refill(&*self.old);
            debug_assert!(is_refilled, "a replaced row is of the same table");
        }
        row
    }
}

impl Unit {
    /// Starts an update of the row with this key.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) fn begin_update(&mut self, kind: TableType, key: &[Cell<'_>]) -> Result<Draft> {
        let at = self.work_in(kind)?;
        let found = self.locate_shared(kind.meta, key);
        let (id, old) = found.ok_or_else(|| not_found(kind.meta, key))?;
        Ok(self.draft_of(at, id, old, false))
    }

    /// Starts an update of a row. `is_first` tells whether it surely has no entry yet.
    pub(super) fn draft_of(&mut self, at: usize, id: RowId, old: Arc<dyn AnyRow>, is_first: bool) -> Draft {
        // plain looks: that nobody else holds it is settled once, when it is refilled
        let is_alone = |spare: &Arc<dyn AnyRow>| Arc::strong_count(spare) == 1 && Arc::weak_count(spare) == 0;
        let spare = self.spare(self.work[at].kind.meta).filter(is_alone);
        let is_spare = spare.is_some();
        let row = spare.unwrap_or_else(|| old.copy());
        Draft { at, id, old, row, is_first, is_spare }
    }

    /// Starts an update of the row at a place.
    pub(super) fn draft(&mut self, kind: TableType, id: RowId) -> Result<Option<Draft>> {
        let at = self.work_in(kind)?;
        let Some(old) = self.share(kind.meta, id) else { return Ok(None) };
        Ok(Some(self.draft_of(at, id, old, false)))
    }

    /// Keeps a replaced row that nobody holds, to be refilled.
    pub(super) fn keep_spare(&mut self, meta: &TableMeta, spare: Option<Arc<dyn AnyRow>>) {
        let Some(mut spare) = spare.filter(|_| meta.columns.iter().all(|c| c.is_built_in)) else { return };
        if Arc::get_mut(&mut spare).is_none() {
            return;
        }
        let number = meta.number();
        match self.recycled.iter_mut().find(|(table, _)| *table == number) {
            Some((_, spares)) => spares.push(spare),
            None => self.recycled.push((number, vec![spare])),
        }
    }

    pub(super) fn spare(&mut self, meta: &TableMeta) -> Option<Arc<dyn AnyRow>> {
        let number = meta.number();
        self.recycled.iter_mut().find(|(table, _)| *table == number)?.1.pop()
    }

    /// Ends an update: fills, checks and stores the new row.
    ///
    /// # Errors
    /// `KeyChanged`, `Check`, `Duplicate`; the row then stays as it was.
    pub(super) fn finish_update(
        &mut self,
        mut draft: Draft,
        checks: UniqueChecks,
    ) -> Result<Arc<dyn AnyRow>> {
        let _ = draft.row_mut(); // also a row that nothing was changed in
        let is_same = same_cells(&*draft.old, &*draft.row, self.work[draft.at].kind.meta.watched);
        self.finish_compared(draft, is_same, checks)
    }

    /// The same where it is known whether the new row `is_same` in all columns that the table finds it by.
    ///
    /// # Errors
    /// Those of [`finish_update`](Self::finish_update).
    pub(super) fn finish_compared(
        &mut self,
        draft: Draft,
        mut is_same: bool,
        checks: UniqueChecks,
    ) -> Result<Arc<dyn AnyRow>> {
        let Draft { at, id, old, mut row, is_first, is_spare } = draft;
        debug_assert!(!is_spare, "a replaced row is refilled before it is stored");
        let work = &self.work[at];
        let (meta, is_built_in) = (work.kind.meta, work.is_built_in);
        if !is_same && !same_cells(&*old, &*row, meta.primary_key) {
            return Err(key_changed(meta, &*old));
        }
        if work.is_prepared {
            self.prepare(at, &mut row, Some(&*old))?;
            is_same = same_cells(&*old, &*row, meta.watched);
        }
        if !is_same && checks == UniqueChecks::Now {
            self.check_unique(meta, &*row, Some((id, Some(&*old))), false)?;
        }
        let known = Overwrite { is_first, is_moved: !is_same || !is_built_in };
        self.overwrite(at, id, old, Some(row.clone()), known);
        Ok(row)
    }
}
