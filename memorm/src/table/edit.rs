//! Changing a row where it lies, without a copy of it.
//!
//! Only for tables in which nothing can refuse the new values: no check, no unique index, no foreign key, nothing that
//! memorm fills, and small columns in the indexes, whose old values fit on the stack. Else the caller keeps a copy.
use super::storage::{IndexStorage, Table};
use super::{RowId, TypedLeaf, split};
use crate::model::{ColumnMeta, KeyRef, Model, TableMeta};
use crate::value::{Cell, Kind};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// The most watched columns of a plain table.
const MOST: usize = 8;

/// What became of a row.
pub(crate) enum Edited<M> {
    Done(Arc<M>),
    /// The key was put back.
    KeyChanged(Arc<M>),
    Absent,
}

/// Whether the rows of such tables can be changed where they lie.
pub(super) fn can_edit_plain(meta: &TableMeta) -> bool {
    let is_small = |column: &u16| {
        let kind = meta.column(*column).kind;
        let is_wide = matches!(kind, Kind::I128 | Kind::U128);
        (kind.integer_range().is_some() && !is_wide) || kind.is_float() || kind == Kind::Bool
    };
    meta.columns.iter().all(|c| c.is_built_in && !c.is_version && !c.is_on_update)
        && !meta.is_checked
        && meta.relations.is_empty()
        && meta.primary_key.len() == 1
        && meta.indexes.iter().all(|index| !index.is_unique)
        && meta.watched.len() <= MOST
        && meta.watched.iter().all(is_small)
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
struct Watched {
    bits: [u64; MOST],
    /// Which of them are `None`.
    nulls: u8,
}

impl Watched {
    /// Those of a row. The columns are constants here, so that nothing is left of the loop but the loads.
    #[inline]
    fn of<M: Model>(row: &M) -> Self {
        let mut found = Self { bits: [0; MOST], nulls: 0 };
        for (i, column) in M::WATCHED.iter().enumerate().take(MOST) {
            match bits(&M::cell(row, *column)) {
                Some(bits) => found.bits[i] = bits,
                None => found.nulls |= 1 << i,
            }
        }
        found
    }

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
    #[inline]
    fn are_same(&self, other: &Self) -> bool {
        let unlike = self.bits.iter().zip(&other.bits).fold(0, |unlike, (a, b)| unlike | (a ^ b));
        unlike == 0 && self.nulls == other.nulls
    }
}

impl Table {
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Changes the row with this key, and the index entries of what has changed, also where `change` panics.
    ///
    /// Typed down to the row, with `change` inlined: a third of the instructions of a change through `dyn`.
    pub(crate) fn edit_plain<M: Model>(
        &mut self,
        key: &impl KeyRef<M::Key>,
        change: impl FnOnce(&mut M),
    ) -> Edited<M> {
        let part = key.part(0);
        let guess = part.as_integer().and_then(|n| self.slots.guess_given(n));
        let change = match guess {
            Some(id) => match self.edit_at(id, &part, change) {
                Ok(edited) => return edited,
                Err(change) => change,
            },
            None => change,
        };
        let found = self.find(std::slice::from_ref(&part)).map(|id| self.edit_at(id, &part, change));
        found.and_then(Result::ok).unwrap_or(Edited::Absent)
    }

    /// Gives `change` back where the row at `id` has another key.
    fn edit_at<M: Model, C: FnOnce(&mut M)>(
        &mut self,
        id: RowId,
        key: &Cell<'_>,
        change: C,
    ) -> Result<Edited<M>, C> {
        let Some(leaf) = self.rows.own_leaf(id) else { return Err(change) };
        let Some(row) = TypedLeaf::<M>::slot_mut(leaf, split(id).1) else { return Err(change) };
        let old = Watched::of(&**row);
        let key_column = M::KEY[0];
        let key_meta = self.kind.meta.column(key_column);
        // zeros and NaN have several patterns
        if bits(key) != Some(old.bits[0]) && old.cell(0, key_meta) != *key {
            return Err(change);
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| change(Arc::make_mut(row))));
        let new = Watched::of(&**row);
        if outcome.is_ok() && old.are_same(&new) {
            return Ok(Edited::Done(row.clone()));
        }
        let is_same_key = old.is_same(&new, 0);
        if !is_same_key {
            Arc::make_mut(row).put(key_column, &old.cell(0, key_meta).to_value());
        }
        let row = row.clone();
        self.move_watched(id, &old, &new);
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        Ok(if is_same_key { Edited::Done(row) } else { Edited::KeyChanged(row) })
    }

    #[inline(never)]
    fn move_watched(&mut self, id: RowId, old: &Watched, new: &Watched) {
        let meta = self.kind.meta;
        let place = |column: &u16| meta.watched.iter().position(|watched| watched == column).unwrap_or(0);
        for (index, storage) in meta.indexes.iter().zip(&mut self.indexes) {
            if index.columns.iter().all(|column| old.is_same(new, place(column))) {
                continue;
            }
            let cells = |row: &Watched| {
                let mut cells = [const { Cell::Null }; MOST];
                for (cell, column) in cells.iter_mut().zip(index.columns) {
                    *cell = row.cell(place(column), meta.column(*column));
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
