//! Changing a row where it lies, without a copy of it.
//!
//! Only for tables in which nothing can refuse the new values: no check, no unique index, no foreign key, nothing that
//! memorm fills, and small columns in the indexes, whose old values fit on the stack. Else the caller keeps a copy.
use super::storage::{IndexStorage, Table};
use super::{RowId, split};
use crate::model::{AnyRow, ColumnMeta, TableMeta};
use crate::value::{Cell, Kind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// The most columns in all indexes of a plain table, the primary key with them.
const WATCHED: usize = 8;

/// The columns of a plain table that a change of a row is watched for: the key, then those of each index.
#[derive(Clone, Copy)]
pub(super) struct WatchedColumns {
    columns: [u16; WATCHED],
    count: u8,
}

/// What became of a row.
pub(crate) enum Edited {
    Done(Arc<dyn AnyRow>),
    /// The key was put back.
    KeyChanged(Arc<dyn AnyRow>),
    Absent,
}

impl WatchedColumns {
    /// Those of a table whose rows can be changed where they lie; `None` for every other.
    pub(super) fn of(meta: &TableMeta) -> Option<Self> {
        let is_small = |column: &u16| {
            let kind = meta.column(*column).kind;
            let is_wide = matches!(kind, Kind::I128 | Kind::U128);
            (kind.integer_range().is_some() && !is_wide) || kind.is_float() || kind == Kind::Bool
        };
        let watched = || meta.primary_key.iter().chain(meta.indexes.iter().flat_map(|index| index.columns));
        let count = watched().count();
        let is_plain = meta.columns.iter().all(|c| c.is_built_in && !c.is_version && !c.is_on_update)
            && !meta.is_checked
            && meta.relations.is_empty()
            && meta.primary_key.len() == 1
            && meta.indexes.iter().all(|index| !index.is_unique)
            && count <= WATCHED
            && watched().all(is_small);
        is_plain.then(|| {
            let mut columns = [0; WATCHED];
            columns.iter_mut().zip(watched()).for_each(|(place, column)| *place = *column);
            Self { columns, count: count as u8 }
        })
    }

    fn values(&self, row: &dyn AnyRow) -> Watched {
        let mut found = Watched { bits: [0; WATCHED], nulls: 0 };
        for i in 0..WATCHED.min(self.count.into()) {
            match bits(&row.cell(self.columns[i])) {
                Some(bits) => found.bits[i] = bits,
                None => found.nulls |= 1 << i,
            }
        }
        found
    }
}

/// The value of a small column; `None` for `None`.
fn bits(cell: &Cell<'_>) -> Option<u64> {
    match cell {
        Cell::Int(i) => Some(*i as u64),
        Cell::Wide(i) => Some(*i as u64),
        Cell::Float(f) => Some(f.to_bits()),
        Cell::Bool(b) => Some(u64::from(*b)),
        _ => None,
    }
}

/// The watched columns of a row, as bits.
#[derive(Clone, Copy)]
struct Watched {
    bits: [u64; WATCHED],
    /// Which of them are `None`.
    nulls: u8,
}

impl Watched {
    /// The value of watched column `i`, which is this one.
    fn cell(&self, i: usize, column: &ColumnMeta) -> Cell<'static> {
        let bits = self.bits[i];
        match column.kind {
            _ if self.nulls >> i & 1 == 1 => Cell::Null,
            Kind::Bool => Cell::Bool(bits != 0),
            Kind::U64 | Kind::Usize => Cell::Wide(bits.into()),
            Kind::Isize => Cell::Wide((bits as i64).into()),
            kind if kind.is_float() => Cell::Float(f64::from_bits(bits)),
            _ => Cell::Int(bits as i64),
        }
    }

    fn is_same(&self, other: &Self, i: usize) -> bool {
        self.bits[i] == other.bits[i] && (self.nulls ^ other.nulls) >> i & 1 == 0
    }

    /// Whether all are the same; without a branch for each.
    fn are_same(&self, other: &Self) -> bool {
        let unlike = self.bits.iter().zip(&other.bits).fold(0, |unlike, (a, b)| unlike | (a ^ b));
        unlike == 0 && self.nulls == other.nulls
    }
}

impl Table {
    pub(crate) fn is_plain(&self) -> bool {
        self.watched.is_some()
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
        let watched = self.watched?;
        let leaf = self.rows.own_leaf(id)?;
        let slot = split(id).1;
        let row = leaf.row_mut(slot)?;
        let old = watched.values(row);
        let key_column = watched.columns[0];
        let key_meta = self.kind.meta.column(key_column);
        // zeros and NaN have several patterns
        let is_asked = key.first().and_then(bits) == Some(old.bits[0]);
        if !is_asked && Some(&old.cell(0, key_meta)) != key.first() {
            return None;
        }
        let panic = catch_unwind(AssertUnwindSafe(|| change(row))).err();
        let new = watched.values(row);
        if old.are_same(&new) && panic.is_none() {
            return leaf.share(slot).map(Edited::Done);
        }
        let is_same_key = old.is_same(&new, 0);
        if !is_same_key {
            row.put(key_column, &old.cell(0, key_meta).to_value());
        }
        let row = leaf.share(slot)?;
        self.move_watched(id, &old, &new);
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
        Some(if is_same_key { Edited::Done(row) } else { Edited::KeyChanged(row) })
    }

    fn move_watched(&mut self, id: RowId, old: &Watched, new: &Watched) {
        let meta = self.kind.meta;
        let mut start = 1;
        for (index, storage) in meta.indexes.iter().zip(&mut self.indexes) {
            let columns = start..start + index.columns.len();
            start = columns.end;
            if columns.clone().all(|i| old.is_same(new, i)) {
                continue;
            }
            let cells = |row: &Watched| {
                let mut cells = [const { Cell::Null }; WATCHED];
                for ((cell, i), column) in cells.iter_mut().zip(columns.clone()).zip(index.columns) {
                    *cell = row.cell(i, meta.column(*column));
                }
                cells
            };
            if let IndexStorage::Ordered(storage) = storage {
                storage.remove(&cells(old)[..index.columns.len()], id);
                storage.insert(&cells(new)[..index.columns.len()], id);
            }
        }
    }
}
