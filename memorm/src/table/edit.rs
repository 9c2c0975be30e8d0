//! Changing a row where it lies, without a copy of it.
//!
//! Only for tables in which nothing can refuse the new values: no check, no unique index, no foreign key, nothing that
//! memorm fills, and small columns in the indexes, whose old values fit on the stack. Else the caller keeps a copy.
use super::storage::{IndexStorage, Table};
use super::{RowId, split};
use crate::model::{AnyRow, TableMeta};
use crate::value::{Cell, Kind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// The most columns in all indexes of a plain table, the primary key with them.
const WATCHED: usize = 8;

/// What became of a row.
pub(crate) enum Edited {
    Done(Arc<dyn AnyRow>),
    /// The key was put back.
    KeyChanged(Arc<dyn AnyRow>),
    Absent,
}

/// Whether rows of the table can be changed where they lie.
pub(super) fn is_plain(meta: &TableMeta) -> bool {
    let is_small = |column: &u16| {
        let kind = meta.column(*column).kind;
        (kind.integer_range().is_some() && kind != Kind::U128) || kind.is_float() || kind == Kind::Bool
    };
    let watched = || meta.primary_key.iter().chain(meta.indexes.iter().flat_map(|index| index.columns));
    meta.columns.iter().all(|c| c.is_built_in && !c.is_version && !c.is_on_update)
        && !meta.is_checked
        && meta.relations.is_empty()
        && meta.primary_key.len() == 1
        && meta.indexes.iter().all(|index| !index.is_unique)
        && watched().count() <= WATCHED
        && watched().all(is_small)
}

/// The watched columns of a row: the key, then those of each index.
struct Watched([Cell<'static>; WATCHED]);

impl Watched {
    fn of(meta: &TableMeta, row: &dyn AnyRow) -> Self {
        let mut cells = [const { Cell::Null }; WATCHED];
        let columns = meta.primary_key.iter().chain(meta.indexes.iter().flat_map(|index| index.columns));
        for (cell, column) in cells.iter_mut().zip(columns) {
            *cell = match row.cell(*column) {
                Cell::Int(i) => Cell::Int(i),
                Cell::Wide(i) => Cell::Wide(i),
                Cell::Float(f) => Cell::Float(f),
                Cell::Bool(b) => Cell::Bool(b),
                _ => Cell::Null,
            };
        }
        Self(cells)
    }
}

impl Table {
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Changes the row with this key, and the index entries of what has changed, also where `change` panics.
    pub(crate) fn edit_plain(&mut self, key: &[Cell<'_>], change: &mut dyn FnMut(&mut dyn AnyRow)) -> Edited {
        let guess = key.first().and_then(Cell::as_integer).and_then(|n| self.slots.guess_given(n));
        if let Some(id) = guess
            && let Some(edited) = self.edit_at(id, key, change)
        {
            return edited;
        }
        self.find(key).and_then(|id| self.edit_at(id, key, change)).unwrap_or(Edited::Absent)
    }

    /// `None` where the row at `id` has another key.
    fn edit_at(
        &mut self,
        id: RowId,
        key: &[Cell<'_>],
        change: &mut dyn FnMut(&mut dyn AnyRow),
    ) -> Option<Edited> {
        let meta = self.kind.meta;
        let leaf = self.rows.own_leaf(id)?;
        let slot = split(id).1;
        let row = leaf.row_mut(slot)?;
        let old = Watched::of(meta, row);
        if old.0.first() != key.first() {
            return None;
        }
        let panic = catch_unwind(AssertUnwindSafe(|| change(row))).err();
        let new = Watched::of(meta, row);
        let is_same_key = old.0[0] == new.0[0];
        if !is_same_key {
            row.put(meta.primary_key[0], &old.0[0].to_value());
        }
        let row = leaf.share(slot)?;
        self.move_watched(id, &old, &new);
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
        Some(if is_same_key { Edited::Done(row) } else { Edited::KeyChanged(row) })
    }

    fn move_watched(&mut self, id: RowId, old: &Watched, new: &Watched) {
        let mut start = 1;
        for (index, storage) in self.kind.meta.indexes.iter().zip(&mut self.indexes) {
            let columns = start..start + index.columns.len();
            start = columns.end;
            let (old, new) = (&old.0[columns.clone()], &new.0[columns]);
            if old != new
                && let IndexStorage::Ordered(index) = storage
            {
                index.remove(old, id);
                index.insert(new, id);
            }
        }
    }
}
