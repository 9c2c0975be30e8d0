//! Writing rows of a table, indexes included.
//!
//! A write changes the row tree first and then each index whose values differ between the old row and the new one.
//! No step can fail; uniqueness is checked by the session, before or after.
use super::storage::{IndexStorage, Table, empty_index};
use super::{Cells, RowId, integer_key, same_cells};
use crate::model::AnyRow;
use crate::value::hash_cells;
use std::sync::Arc;

impl Table {
    /// Adds a row at a row id that [`Slots`](super::Slots) has given.
    pub(crate) fn insert(&mut self, id: RowId, row: Arc<dyn AnyRow>) {
        if !self.follows_guess(id, &*row) {
            self.keys.insert(hash_cells(&Cells::of(&*row, self.meta().primary_key)), id);
        }
        for position in 0..self.indexes.len() {
            self.enter(position, id, &*row);
        }
        self.rows.put(id, row, self.kind.new_leaf);
    }

    /// Adds many rows, in ascending order of row id. Indexes take them as a batch, sorted first: two to four times as
    /// fast as one by one.
    pub(crate) fn insert_all(&mut self, rows: &[(RowId, &Arc<dyn AnyRow>)]) {
        let meta = self.meta();
        let strays = rows.iter().filter(|(id, row)| !self.follows_guess(*id, &***row));
        let keys = strays.map(|(id, row)| (hash_cells(&Cells::of(&***row, meta.primary_key)), *id));
        let keys: Vec<(u64, RowId)> = keys.collect();
        self.keys.extend(keys);
        for (index, storage) in meta.indexes.iter().zip(&mut self.indexes) {
            let values = rows.iter().map(|(id, row)| (Cells::of(&***row, index.columns), *id));
            match storage {
                IndexStorage::Unique(tree) => {
                    tree.extend(values.filter(|(v, _)| !v.has_null()).map(|(v, id)| (hash_cells(&v), id)));
                }
                IndexStorage::Ordered(index) => {
                    let mut batch = index.batch();
                    batch.reserve(rows.len());
                    values.for_each(|(values, id)| batch.push(&values, id));
                    index.extend(batch);
                }
            }
        }
        self.rows.put_new(rows.iter().copied(), self.kind.new_leaf);
    }

    /// Puts a new version of a row in its place; returns the old one. The primary key stays the same.
    pub(crate) fn replace(&mut self, id: RowId, row: Arc<dyn AnyRow>) -> Option<Arc<dyn AnyRow>> {
        if self.indexes.is_empty() {
            return self.exchange(id, row);
        }
        let (old, now) = self.rows.swap(id, row)?;
        // most writes change no indexed column: then the row is not shared for the sake of its indexes
        if self.kind.meta.indexes.iter().any(|index| !same_cells(&*old, now, index.columns)) {
            let now = self.rows.share(id)?;
            self.move_entries(id, &*old, &*now);
        }
        Some(old)
    }

    /// The same where no indexed column differs: what lies in the rows is not looked at.
    pub(crate) fn exchange(&mut self, id: RowId, row: Arc<dyn AnyRow>) -> Option<Arc<dyn AnyRow>> {
        self.rows.exchange(id, row)
    }

    /// Changes a row where it lies; `None` where there is none. The indexes are in step again after
    /// [`move_entries`](Self::move_entries).
    pub(crate) fn edit<T>(
        &mut self,
        id: RowId,
        change: impl FnOnce(&mut dyn AnyRow) -> T,
    ) -> Option<(T, Arc<dyn AnyRow>)> {
        let leaf = self.rows.own_leaf(id)?;
        let slot = super::split(id).1;
        let result = change(leaf.row_mut(slot)?);
        Some((result, leaf.share(slot)?))
    }

    /// Brings the indexes in step with a row that changed from `old` to `new`.
    pub(crate) fn move_entries(&mut self, id: RowId, old: &dyn AnyRow, new: &dyn AnyRow) {
        for position in 0..self.indexes.len() {
            let columns = self.meta().indexes[position].columns;
            if same_cells(old, new, columns) {
                continue;
            }
            if self.leave(position, id, old) {
                self.enter(position, id, new);
            } else {
                self.rebuild(position);
            }
        }
    }

    /// Takes a row out.
    pub(crate) fn remove(&mut self, id: RowId) -> Option<Arc<dyn AnyRow>> {
        let old = self.rows.take(id)?;
        if !self.follows_guess(id, &*old) {
            let hash = hash_cells(&Cells::of(&*old, self.meta().primary_key));
            if !self.keys.remove(hash, id) {
                self.rebuild_keys();
            }
        }
        for position in 0..self.indexes.len() {
            if !self.leave(position, id, &*old) {
                self.rebuild(position);
            }
        }
        Some(old)
    }

    fn follows_guess(&self, id: RowId, row: &dyn AnyRow) -> bool {
        integer_key(self.kind, row).and_then(|n| self.slots.guess(n)) == Some(id)
    }

    /// Adds a row to an index. Values with a `None` are in no unique index.
    fn enter(&mut self, position: usize, id: RowId, row: &dyn AnyRow) {
        let values = Cells::of(row, self.kind.meta.indexes[position].columns);
        match &mut self.indexes[position] {
            IndexStorage::Unique(_) if values.has_null() => {}
            IndexStorage::Unique(tree) => tree.insert(hash_cells(&values), id),
            IndexStorage::Ordered(index) => {
                index.insert(&values, id);
            }
        }
    }

    /// Takes a row out of an index; `false` where it was not there.
    fn leave(&mut self, position: usize, id: RowId, row: &dyn AnyRow) -> bool {
        let values = Cells::of(row, self.kind.meta.indexes[position].columns);
        match &mut self.indexes[position] {
            IndexStorage::Unique(_) if values.has_null() => true,
            IndexStorage::Unique(tree) => tree.remove(hash_cells(&values), id),
            IndexStorage::Ordered(index) => index.remove(&values, id),
        }
    }

    /// Makes an index anew: its column type has given different values for one row.
    #[cold]
    fn rebuild(&mut self, position: usize) {
        let meta = self.meta();
        self.indexes[position] = empty_index(meta, &meta.indexes[position]);
        let rows = self.rows.clone();
        for (id, row) in rows.iter() {
            self.enter(position, id, row);
        }
    }

    #[cold]
    fn rebuild_keys(&mut self) {
        self.keys = Default::default();
        let rows = self.rows.clone();
        for (id, row) in rows.iter().filter(|(id, row)| !self.follows_guess(*id, *row)).collect::<Vec<_>>() {
            self.keys.insert(hash_cells(&Cells::of(row, self.kind.meta.primary_key)), id);
        }
    }
}
