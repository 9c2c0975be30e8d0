//! Writes of a unit, row by row: into its work and, where there is one, its private version.
use super::unit::{Next, Unit, table_in};
use super::work::{Entry, TableWork};
use crate::fault;
use crate::link::{Link, own};
use crate::model::AnyRow;
use crate::table::{RowId, Table, TableType, integer_key};
use crate::world::World;
use std::sync::{Arc, OnceLock};

/// Which row a write replaces.
#[derive(Clone, Copy)]
pub(super) struct Site {
    /// The place of the table's work.
    pub(super) at: usize,
    pub(super) id: RowId,
    /// Whether the row surely has no entry yet.
    pub(super) is_first: bool,
}

impl Site {
    /// Of a row that may have an entry.
    pub(super) fn new(at: usize, id: RowId) -> Self {
        Self { at, id, is_first: false }
    }
}

impl Unit {
    /// Adds a new row. `last_key` is the highest key before it. Where a column type panics, nothing has happened.
    pub(super) fn insert(&mut self, at: usize, row: Arc<dyn AnyRow>, last_key: u64) -> RowId {
        let work = &mut self.work[at];
        let base = table_in(&self.base, work.kind.meta);
        let before = Next { slots: work.slots, last_key };
        let mut slots = work.slots;
        let id = slots.give(integer_key(work.kind, &*row), work.rows == 0);
        let mut private = PrivateWrite::new(&mut self.private, &mut self.watched);
        if let Some(table) = private.table(work.kind) {
            table.slots = slots;
            table.last_key = table.last_key.max(work.last_key);
            table.insert(id, row.clone());
        }
        fault::point("insert: the private version has it");
        let place = work.push(Entry { id, now: Some(row), is_new: true, is_moved: true }, base);
        work.slots = slots;
        work.rows += 1;
        self.savepoints.created(at, place, before);
        private.is_whole = true;
        id
    }

    /// Replaces a row that the session sees, or deletes it. `is_same` tells whether the new one surely has the old one's
    /// values in all columns that the table finds it by. Where a column type panics, nothing has happened.
    pub(super) fn overwrite(&mut self, site: Site, now: Option<Arc<dyn AnyRow>>, is_same: bool) {
        let Site { at, id, is_first } = site;
        let work = &mut self.work[at];
        let base = table_in(&self.base, work.kind.meta);
        let mut private = PrivateWrite::new(&mut self.private, &mut self.watched);
        if let Some(table) = private.table(work.kind) {
            match &now {
                Some(row) => drop(table.replace(id, row.clone())),
                None => drop(table.remove(id)),
            }
        }
        fault::point("overwrite: the private version has it");
        let is_deleted = now.is_none();
        let is_moved = !is_same;
        let place = if is_first { None } else { work.find(id) };
        match place {
            Some(place) => {
                work.entries[place].is_moved |= is_moved;
                let old = work.replace(place, now, base);
                self.savepoints.changed(at, place, old);
            }
            None => {
                let place = work.push(Entry { id, now, is_new: false, is_moved }, base);
                let next = Next { slots: work.slots, last_key: work.last_key };
                self.savepoints.created(at, place, next);
            }
        }
        work.rows -= usize::from(is_deleted);
        work.has_deletes |= is_deleted;
        private.is_whole = true;
    }

    /// Deletes a row that the session sees.
    pub(super) fn remove(&mut self, at: usize, id: RowId) {
        if self.row(self.work[at].kind.meta, id).is_some() {
            self.overwrite(Site::new(at, id), None, false);
        }
    }

    /// Puts an entry back to what it was.
    pub(super) fn put_back(&mut self, at: usize, place: usize, old: Option<Arc<dyn AnyRow>>) {
        let work = &mut self.work[at];
        let base = table_in(&self.base, work.kind.meta);
        let Entry { id, now, .. } = &work.entries[place];
        let (id, was_there, is_there) = (*id, now.is_some(), old.is_some());
        let mut private = PrivateWrite::new(&mut self.private, &mut self.watched);
        if let Some(table) = private.table(work.kind) {
            match (was_there, &old) {
                (true, Some(old)) => drop(table.replace(id, old.clone())),
                (true, None) => drop(table.remove(id)),
                (false, Some(old)) => table.insert(id, old.clone()),
                (false, None) => {}
            }
        }
        fault::point("put back: the private version has it");
        let replaced = work.replace(place, old, base);
        work.rows = work.rows + usize::from(is_there) - usize::from(was_there);
        private.is_whole = true;
        drop(private);
        drop(replaced);
    }

    /// Returns what a new row gets to an earlier state.
    pub(super) fn set_next(&mut self, at: usize, next: Next) {
        let work = &mut self.work[at];
        (work.slots, work.last_key) = (next.slots, next.last_key);
        self.watched.take();
        if let Some(private) = self.private.get_mut() {
            let table = own(private).table_mut(work.kind);
            (table.slots, table.last_key) = (next.slots, next.last_key);
        }
    }
}

/// A write to the private version, where there is one. When a column type panics in the middle of it, the half-written
/// version is dropped: the next look makes it anew.
struct PrivateWrite<'a> {
    private: &'a mut OnceLock<Link<World>>,
    is_whole: bool,
}

impl<'a> PrivateWrite<'a> {
    fn new(private: &'a mut OnceLock<Link<World>>, watched: &mut OnceLock<Link<World>>) -> Self {
        watched.take();
        Self { private, is_whole: false }
    }

    fn table(&mut self, kind: TableType) -> Option<&mut Table> {
        Some(own(self.private.get_mut()?).table_mut(kind))
    }
}

impl Drop for PrivateWrite<'_> {
    fn drop(&mut self) {
        if !self.is_whole {
            self.private.take();
        }
    }
}

/// From so many new rows on, indexes take them as a batch.
const BULK: usize = 64;

impl TableWork {
    /// The new rows, in the order in which they get their places.
    fn new_rows(&self) -> impl Iterator<Item = (RowId, &Arc<dyn AnyRow>)> {
        let new = self.entries.iter().filter(|entry| entry.is_new);
        new.filter_map(|entry| Some((entry.id, entry.now.as_ref()?)))
    }

    /// Writes these rows into a version: the base, or one in which the same rows are as they were there. `replaced` takes
    /// the rows that are no longer in it.
    pub(super) fn apply_to(&self, world: &mut World, replaced: &mut dyn FnMut(Option<Arc<dyn AnyRow>>)) {
        if self.is_idle() {
            return;
        }
        let table = world.table_mut(self.kind);
        table.slots = self.slots;
        table.last_key = table.last_key.max(self.last_key);
        let new: Vec<_> = self.new_rows().collect();
        let is_bulk = new.len() >= BULK;
        if is_bulk {
            table.insert_all(&new);
        }
        for entry in &self.entries {
            fault::point("apply: a row");
            match &entry.now {
                Some(_) if entry.is_new && is_bulk => {}
                Some(now) if entry.is_new => table.insert(entry.id, now.clone()),
                Some(now) if entry.is_moved => replaced(table.replace(entry.id, now.clone())),
                Some(now) => replaced(table.exchange(entry.id, now.clone())),
                // a new row that was deleted again is not there
                None => replaced(table.remove(entry.id)),
            }
        }
    }
}
