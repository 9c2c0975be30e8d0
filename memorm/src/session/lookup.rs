//! One row, as the session sees it: by key, by unique value, by place.
//!
//! ```text
//!   a table without own writes     the base alone               Session::get goes there without coming here
//!   one with own writes            the base, then the work: an entry stands for the row that it replaces
//! ```
//!
//! A row never changes its key, so what the base finds under a key is replaced by its own entry alone.
use super::handle::typed;
use super::unit::Unit;
use super::work::{Entry, TableWork, Unique};
use crate::model::{AnyRow, KeyRef, Model, TableMeta};
use crate::table::{Cells, RowId, Table, key_cells};
use crate::value::Cell;
use std::sync::Arc;

impl Unit {
    /// The table without the entries that the session has in it.
    fn base_table(&self, meta: &'static TableMeta) -> Option<&Table> {
        let world = if self.patches.touch(meta) { self.own_view() } else { self.base() };
        world.table(meta)
    }

    /// The row id of a key, as the session sees it.
    pub(crate) fn locate(&self, meta: &'static TableMeta, key: &[Cell<'_>]) -> Option<RowId> {
        self.note_key(meta, key);
        self.place_of(meta, key)
    }

    /// The row id of a key, for a check that a commit repeats: no read is noted.
    pub(super) fn place_of(&self, meta: &'static TableMeta, key: &[Cell<'_>]) -> Option<RowId> {
        let work = self.work_of(meta).filter(|work| !work.entries.is_empty());
        let Some(work) = work else {
            return self.base_table(meta)?.find(key);
        };
        if let Some(private) = self.private() {
            return private.table(meta)?.find(key);
        }
        let id = self.base_table(meta).and_then(|table| table.find(key));
        match id {
            Some(id) if work.entry(id).is_none_or(|entry| entry.now.is_some()) => Some(id),
            _ => work.find_value(Unique::PrimaryKey, key, None),
        }
    }

    /// The row of a key with its place, in the base of a table without patches; `None` where the session has an entry of it.
    pub(super) fn find_in<M: Model>(&self, at: usize, key: &impl KeyRef<M::Key>) -> Option<(RowId, &Arc<M>)> {
        if self.reads.is_some() {
            return None;
        }
        let table = self.base().table(M::table())?;
        let (id, row) = table.find_row::<M>(key)?;
        table.rows.fetch_path(id);
        if self.work[at].find(id).is_some() { None } else { Some((id, row)) }
    }

    /// The row of a key with its place, as the session sees it.
    pub(super) fn find_seen(
        &self,
        meta: &'static TableMeta,
        key: &[Cell<'_>],
    ) -> Option<(RowId, &dyn AnyRow)> {
        self.note_key(meta, key);
        let in_base = self.base_table(meta).and_then(|table| table.find_with_row(key));
        let Some(work) = self.work_of(meta).filter(|work| !work.entries.is_empty()) else { return in_base };
        if let Some((id, row)) = in_base
            && work.entry(id).is_none()
        {
            return Some((id, row));
        }
        let id = self.place_of(meta, key)?;
        Some((id, self.row(meta, id)?))
    }

    /// The row of a key, as the session sees it.
    pub(crate) fn get_written<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<Arc<M>> {
        let meta = M::table();
        if self.reads.is_none()
            && let Some(table) = self.base().table(meta)
            && !self.patches.touch(meta)
            && let Some((id, row)) = table.find_row::<M>(key)
        {
            match self.entry(meta, id) {
                None => return Some(row.clone()),
                Some(Entry { now: Some(now), .. }) => return Some(typed(now.clone())),
                // deleted; another row may have its key since
                Some(_) => {}
            }
        }
        let (cells, parts) = key_cells::<M::Key>(key);
        let (id, _) = self.find_seen(meta, &cells[..parts])?;
        Some(typed(self.share(meta, id)?))
    }

    /// What the session has written in the place of a row.
    fn entry(&self, meta: &TableMeta, id: RowId) -> Option<&Entry> {
        self.work_of(meta)?.entry(id)
    }

    /// The row that the base has where the session has an entry, to keep.
    pub(super) fn base_row(&self, work: &TableWork, entry: &Entry) -> Option<Arc<dyn AnyRow>> {
        if entry.is_new { None } else { self.base().table(work.kind.meta)?.rows.share(entry.id) }
    }

    /// The row, as the session sees it.
    pub(crate) fn row(&self, meta: &'static TableMeta, id: RowId) -> Option<&dyn AnyRow> {
        match self.entry(meta, id) {
            Some(entry) => entry.now.as_deref(),
            None => self.base_table(meta)?.rows.row(id),
        }
    }

    /// The row to keep, as the session sees it.
    pub(crate) fn share(&self, meta: &'static TableMeta, id: RowId) -> Option<Arc<dyn AnyRow>> {
        match self.entry(meta, id) {
            Some(entry) => entry.now.clone(),
            None => self.base_table(meta)?.rows.share(id),
        }
    }

    /// The row other than `except` that has these values in a unique index. Nothing equals a `None`.
    pub(super) fn find_unique(
        &self,
        meta: &'static TableMeta,
        position: usize,
        values: &Cells<'_>,
        except: Option<RowId>,
    ) -> Option<RowId> {
        if values.has_null() {
            return None;
        }
        self.note_unique(meta, position, values);
        if let Some(private) = self.private() {
            let table = private.table(meta)?;
            return table.find_unique(position, values).find(|id| Some(*id) != except);
        }
        let work = self.work_of(meta);
        let columns = meta.indexes[position].columns;
        let still_has = |id: RowId| match work.and_then(|work| work.entry(id)) {
            Some(entry) => entry.now.as_ref().is_some_and(|now| *Cells::of(&**now, columns) == **values),
            None => true,
        };
        let in_base = self.base_table(meta).and_then(|table| {
            table.find_unique(position, values).find(|id| Some(*id) != except && still_has(*id))
        });
        in_base.or_else(|| work?.find_value(Unique::Index(position), values, except))
    }
}
