//! What a session has written so far, row by row.
//!
//! A few rows are found by looking at each; from [`SMALL`] on, maps find them. The maps only point: a candidate is
//! verified on the row, so entries that have gone stale do no harm and are never searched for to be removed.
use super::spare::Spares;
use crate::model::AnyRow;
use crate::table::{Cells, RowId, Slots, Table, TableType, integer_key, same_cells};
use crate::value::{Cell, hash_cells};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Up to so many rows, a list is faster than maps.
const SMALL: usize = 8;

/// One row that the session has written.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: RowId,
    /// The row now; `None` when it was deleted.
    pub(crate) now: Option<Arc<dyn AnyRow>>,
    /// Whether the base version has no row here. The row that it has else is not kept twice: the base has it.
    pub(crate) is_new: bool,
    /// Whether the indexes have to be looked at: false where the row before has the same values in every indexed column.
    pub(crate) is_moved: bool,
}

impl Entry {
    /// The row in the base version.
    pub(crate) fn before<'b>(&self, base: Option<&'b Table>) -> Option<&'b dyn AnyRow> {
        if self.is_new { None } else { base?.rows.row(self.id) }
    }

    /// Whether the session has given these columns values that the base does not have.
    pub(crate) fn has_new_values(&self, base: Option<&Table>, columns: &[u16]) -> bool {
        let Some(now) = &self.now else { return false };
        self.before(base).is_none_or(|before| !same_cells(before, &**now, columns))
    }

    /// Whether a row was added and deleted again.
    pub(crate) fn is_void(&self) -> bool {
        self.is_new && self.now.is_none()
    }
}

/// What a session has written in one table.
#[derive(Clone)]
pub(crate) struct TableWork {
    pub(crate) kind: TableType,
    /// In the order of the first write: the order in which new rows get their place.
    pub(crate) entries: Vec<Entry>,
    /// Gives new rows their row ids, as the private version would.
    pub(crate) slots: Slots,
    /// How many rows the session sees in this table.
    pub(crate) rows: usize,
    /// The highest key assigned or chosen here.
    pub(crate) last_key: u64,
    /// The highest such key in the base.
    pub(crate) base_last_key: u64,
    /// Whether a row was deleted.
    pub(crate) has_deletes: bool,
    /// Whether the base has the table.
    pub(crate) is_in_base: bool,
    /// Whether no code but memorm's runs when rows are written or dropped.
    pub(crate) is_built_in: bool,
    /// Whether a new or changed row has to be checked at commit: foreign keys, deferred unique columns.
    pub(crate) is_due_at_commit: bool,
    /// Whether memorm fills columns of an updated row, or the model checks it.
    pub(crate) is_prepared: bool,
    /// The places of the entries, by row id.
    by_row: HashTable<(RowId, u32)>,
    /// New values: of the primary key first, then of each unique index.
    by_value: Vec<HashTable<(u64, u32)>>,
    are_maps_used: bool,
    pub(crate) spares: Spares,
}

/// What `by_value` is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Unique {
    PrimaryKey,
    /// The index at this position.
    Index(usize),
}

impl TableWork {
    pub(crate) fn new(kind: TableType, base: Option<&Table>) -> Self {
        let meta = kind.meta;
        let mut work = Self {
            kind,
            entries: Vec::new(),
            slots: Slots::default(),
            rows: 0,
            last_key: 0,
            base_last_key: 0,
            has_deletes: false,
            is_in_base: false,
            is_built_in: meta.columns.iter().all(|column| column.is_built_in),
            is_due_at_commit: !meta.relations.is_empty()
                || meta.indexes.iter().any(|index| index.is_deferred),
            is_prepared: meta.is_checked || meta.columns.iter().any(|c| c.is_version || c.is_on_update),
            by_row: HashTable::new(),
            by_value: Vec::new(),
            are_maps_used: false,
            spares: Spares::default(),
        };
        work.start(base);
        work
    }

    /// Starts from the table as it is in the base.
    pub(crate) fn start(&mut self, base: Option<&Table>) {
        self.is_in_base = base.is_some();
        self.slots = base.map_or_else(Slots::default, |table| table.slots);
        self.rows = base.map_or(0, Table::len);
        self.last_key = base.map_or(0, |table| table.last_key);
        self.base_last_key = self.last_key;
    }

    /// The columns of a unique constraint.
    fn columns(&self, unique: Unique) -> &'static [u16] {
        match unique {
            Unique::PrimaryKey => self.kind.meta.primary_key,
            Unique::Index(position) => self.kind.meta.indexes[position].columns,
        }
    }

    /// The entry of a row id.
    pub(crate) fn find(&self, id: RowId) -> Option<usize> {
        if self.are_maps_used {
            return self.by_row.find(hash_id(id), |(other, _)| *other == id).map(|(_, at)| *at as usize);
        }
        self.entries.iter().position(|entry| entry.id == id)
    }

    pub(crate) fn entry(&self, id: RowId) -> Option<&Entry> {
        self.find(id).map(|at| &self.entries[at])
    }

    /// The row, written here, that now has these values and did not have them in the base.
    pub(crate) fn find_value(
        &self,
        unique: Unique,
        values: &[Cell<'_>],
        except: Option<RowId>,
    ) -> Option<RowId> {
        let columns = self.columns(unique);
        let fits = |entry: &&Entry| {
            Some(entry.id) != except
                && entry.now.as_ref().is_some_and(|now| *Cells::of(&**now, columns) == *values)
        };
        if !self.are_maps_used {
            return self.entries.iter().find(fits).map(|entry| entry.id);
        }
        let at = match unique {
            Unique::PrimaryKey => {
                let guess = self.guess(values).and_then(|id| self.entry(id)).filter(fits);
                if let Some(entry) = guess {
                    return Some(entry.id);
                }
                0
            }
            Unique::Index(position) => 1 + position,
        };
        let hash = hash_cells(values);
        self.by_value[at]
            .iter_hash(hash)
            .filter(|(entry_hash, _)| *entry_hash == hash)
            .filter_map(|(_, at)| self.entries.get(*at as usize))
            .find(fits)
            .map(|entry| entry.id)
    }

    /// The row id that an integer key asks for.
    fn guess(&self, key: &[Cell<'_>]) -> Option<RowId> {
        match key {
            [one] => self.slots.guess(one.as_integer()?),
            _ => None,
        }
    }

    /// Adds an entry and returns its place. Where a column type panics, nothing has happened.
    pub(crate) fn push(&mut self, entry: Entry, base: Option<&Table>) -> usize {
        let at = self.entries.len();
        if !self.are_maps_used && at >= SMALL {
            self.build_maps(base);
        }
        if self.are_maps_used {
            note_values(self.kind, self.slots, &mut self.by_value, at, &entry, entry.now.as_deref(), base);
            note_place(&mut self.by_row, entry.id, at);
        }
        self.entries.push(entry);
        at
    }

    /// Gives the entry another row and returns the one that it had. Where a column type panics, nothing has happened.
    pub(crate) fn replace(
        &mut self,
        at: usize,
        now: Option<Arc<dyn AnyRow>>,
        base: Option<&Table>,
    ) -> Option<Arc<dyn AnyRow>> {
        if self.are_maps_used {
            let entry = &self.entries[at];
            note_values(self.kind, self.slots, &mut self.by_value, at, entry, now.as_deref(), base);
        }
        std::mem::replace(&mut self.entries[at].now, now)
    }

    /// Takes back the last entry.
    pub(crate) fn pop(&mut self) {
        if let Some(entry) = self.entries.pop()
            && let Ok(place) = self.by_row.find_entry(hash_id(entry.id), |(id, _)| *id == entry.id)
        {
            place.remove();
        }
    }

    fn build_maps(&mut self, base: Option<&Table>) {
        // a column type may have panicked when they were made before
        self.clear_maps();
        self.by_value.resize_with(1 + self.kind.meta.indexes.len(), HashTable::new);
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            note_place(&mut self.by_row, entry.id, at);
            note_values(self.kind, self.slots, &mut self.by_value, at, entry, entry.now.as_deref(), base);
        }
        self.are_maps_used = true;
    }

    /// From here on entries are found by looking at each, until the next one is added.
    pub(crate) fn forget_maps(&mut self) {
        if self.are_maps_used {
            self.clear_maps();
        }
    }

    fn clear_maps(&mut self) {
        self.are_maps_used = false;
        self.by_row.clear();
        self.by_value.iter_mut().for_each(HashTable::clear);
    }

    /// Whether a commit has nothing to do here. A key that was used counts, even where its row was deleted again.
    pub(crate) fn is_idle(&self) -> bool {
        self.entries.is_empty() && self.last_key == self.base_last_key
    }

    /// Gives the new rows their places anew, after `table` of another version.
    pub(crate) fn renumber(&mut self, table: Option<&Table>) {
        self.is_in_base = table.is_some();
        self.slots = table.map_or_else(Slots::default, |table| table.slots);
        self.rows = table.map_or(0, Table::len);
        self.base_last_key = table.map_or(0, |table| table.last_key);
        self.last_key = self.last_key.max(self.base_last_key);
        let deleted = self.entries.iter().filter(|entry| !entry.is_new && entry.now.is_none()).count();
        self.rows -= deleted.min(self.rows);
        for entry in self.entries.iter_mut().filter(|entry| entry.is_new) {
            let Some(now) = &entry.now else { continue };
            entry.id = self.slots.give(integer_key(self.kind, &**now), self.rows == 0);
            self.rows += 1;
        }
        // a new row that was deleted again keeps no place: nothing may find it
        self.entries.retain(|entry| !entry.is_void());
        if self.are_maps_used {
            self.build_maps(table);
        }
    }

    /// Forgets everything and keeps what was allocated, and of what a publish has replaced the rows that nobody holds. A
    /// delete gives memory back instead.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.forget_maps();
        self.last_key = self.base_last_key;
        if std::mem::take(&mut self.has_deletes) {
            self.spares.clear();
        } else {
            self.spares.settle();
        }
    }
}

fn hash_id(id: RowId) -> u64 {
    FixedState::with_seed(0).hash_one(id)
}

/// No row has two entries.
fn note_place(by_row: &mut HashTable<(RowId, u32)>, id: RowId, at: usize) {
    by_row.insert_unique(hash_id(id), (id, at as u32), |(id, _)| hash_id(*id));
}

/// Lets the maps know of the values in `now`, which an entry is about to get. An entry that does not get them does no
/// harm.
fn note_values(
    kind: TableType,
    slots: Slots,
    by_value: &mut [HashTable<(u64, u32)>],
    at: usize,
    entry: &Entry,
    now: Option<&dyn AnyRow>,
    base: Option<&Table>,
) {
    let Some(now) = now.filter(|_| entry.is_moved) else { return };
    let before = entry.before(base);
    let is_new = |columns: &[u16]| before.is_none_or(|before| !same_cells(before, now, columns));
    for (i, map) in by_value.iter_mut().enumerate() {
        let columns = match i {
            0 => kind.meta.primary_key,
            i => kind.meta.indexes[i - 1].columns,
        };
        let is_mapped = i == 0 || kind.meta.indexes[i - 1].is_unique;
        if is_mapped && is_new(columns) {
            let values = Cells::of(now, columns);
            let follows_guess = i == 0
                && matches!(&*values, [one] if one.as_integer().and_then(|n| slots.guess(n)) == Some(entry.id));
            if follows_guess {
                continue;
            }
            let hash = hash_cells(&values);
            map.insert_unique(hash, (hash, at as u32), |(hash, _)| *hash);
        }
    }
}
