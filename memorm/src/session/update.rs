//! An update of one row: its copy on the way, in memory that was used before where there is some.
//!
//! ```text
//!   draft ──► the caller changes the copy ──► checks ──► the work takes it in the row's place
//!     │ refilled from the row
//!   rows that an earlier commit has replaced and nobody holds
//! ```
//!
//! [`Copy`] does so with the row's type, for one call; [`Draft`] without it, for statements.
use super::entries::Site;
use super::handle::typed;
use super::rows::{UniqueChecks, key_changed, not_found};
use super::unit::Unit;
use crate::Result;
use crate::model::{AnyRow, KeyRef, Model, downcast_row};
use crate::table::{Cells, RowId, TableType, are_found_alike, key_cells, same_cells, table_type};
use crate::value::Cell;
use std::sync::Arc;

/// A row and the copy that is to replace it.
pub(super) struct Copy<'u, M> {
    pub(super) site: Site,
    old: &'u M,
    row: Arc<M>,
    /// Whether `row` is a replaced row that is not refilled yet.
    is_spare: bool,
}

impl<M: Model> Copy<'_, M> {
    /// The copy, to be changed. To be called once.
    #[inline]
    pub(super) fn row_mut(&mut self) -> &mut M {
        let row = Arc::get_mut(&mut self.row).expect("invariant: a fresh copy has one owner");
        if self.is_spare {
            M::refill(row, self.old);
        }
        row
    }

    /// The changed copy, and whether it has the old row's values in all columns that the table finds it by.
    #[inline]
    pub(super) fn into_row(self) -> (Arc<M>, bool) {
        let is_same = are_found_alike(self.old, &*self.row);
        (self.row, is_same)
    }
}

/// A copy on its way without its type.
pub(super) struct Draft {
    site: Site,
    row: Arc<dyn AnyRow>,
}

impl Draft {
    /// `row` is to be written.
    pub(super) fn new(site: Site, row: Arc<dyn AnyRow>) -> Self {
        Self { site, row }
    }

    pub(super) fn id(&self) -> RowId {
        self.site.id
    }

    /// The copy, to be changed.
    pub(super) fn row_mut(&mut self) -> &mut dyn AnyRow {
        Arc::get_mut(&mut self.row).expect("invariant: a fresh copy has one owner")
    }
}

impl Unit {
    /// Starts an update of the row with this key.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) fn begin_copy<M: Model>(&mut self, key: &impl KeyRef<M::Key>) -> Result<Copy<'_, M>> {
        let kind = table_type::<M>();
        let at = self.work_in(kind)?;
        // plain looks: that nobody else holds it is settled once, when it is refilled
        let is_alone = |spare: &Arc<dyn AnyRow>| Arc::strong_count(spare) == 1 && Arc::weak_count(spare) == 0;
        let spare = self.work[at].spares.pop().filter(is_alone);
        let (id, old, is_first) = match self.find_in::<M>(at, key) {
            Some((id, old)) => (id, &**old, true),
            None => {
                let (cells, parts) = key_cells::<M::Key>(key);
                let found = self.find_seen(kind.meta, &cells[..parts]);
                let (id, old) = found.ok_or_else(|| not_found(kind.meta, &cells[..parts]))?;
                (id, downcast_row(old).expect("invariant: a table holds rows of its own model"), false)
            }
        };
        let is_spare = spare.is_some();
        let row = spare.map_or_else(|| Arc::new(old.clone()), typed);
        Ok(Copy { site: Site { at, id, is_first }, old, row, is_spare })
    }

    /// Starts an update of the row with this key.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) fn begin_update(&mut self, kind: TableType, key: &[Cell<'_>]) -> Result<Draft> {
        let at = self.work_in(kind)?;
        let found = self.locate(kind.meta, key);
        found.and_then(|id| self.draft_at(at, id)).ok_or_else(|| not_found(kind.meta, key))
    }

    /// Starts an update of the row at a place.
    pub(super) fn draft(&mut self, kind: TableType, id: RowId) -> Result<Option<Draft>> {
        let at = self.work_in(kind)?;
        Ok(self.draft_at(at, id))
    }

    /// The same where the place of the table's work is known.
    pub(super) fn draft_at(&mut self, at: usize, id: RowId) -> Option<Draft> {
        let work = &mut self.work[at];
        let (meta, spare) = (work.kind.meta, work.spares.pop());
        Some(Draft::new(Site::new(at, id), refilled(spare, self.row(meta, id)?)))
    }

    /// Ends an update: fills, checks and stores the new row.
    ///
    /// # Errors
    /// `KeyChanged`, `Check`, `Duplicate`; the row then stays as it was.
    pub(super) fn finish_update(&mut self, draft: Draft, checks: UniqueChecks) -> Result<Arc<dyn AnyRow>> {
        let Draft { site, mut row } = draft;
        let Site { at, id, .. } = site;
        let meta = self.work[at].kind.meta;
        let old = self.share(meta, id).ok_or_else(|| not_found(meta, &Cells::of(&*row, meta.primary_key)))?;
        if !same_cells(&*old, &*row, meta.primary_key) {
            return Err(key_changed(meta, &*old));
        }
        if self.work[at].is_prepared {
            self.prepare(at, &mut row, Some(&*old))?;
        }
        let is_same = same_cells(&*old, &*row, meta.watched);
        if !is_same && checks == UniqueChecks::Now {
            self.check_unique(meta, &*row, Some((id, Some(&*old))), false)?;
        }
        self.overwrite(site, Some(row.clone()), is_same);
        Ok(row)
    }
}

/// A copy of `old`, in the memory of a spare row that nobody else holds.
fn refilled(spare: Option<Arc<dyn AnyRow>>, old: &dyn AnyRow) -> Arc<dyn AnyRow> {
    if let Some(mut spare) = spare
        && Arc::get_mut(&mut spare).is_some_and(|spare| spare.refill(old))
    {
        return spare;
    }
    old.copy()
}
