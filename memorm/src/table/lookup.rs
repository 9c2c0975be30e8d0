//! Finding rows of a table by key and by unique value.
use super::row_tree::split;
use super::storage::{IndexStorage, Table, TableType};
use super::{Cells, RowId};
use crate::model::{AnyRow, Key, KeyRef, MAX_KEY_PARTS, Model};
use crate::value::{Cell, hash_cells, show_key};
use std::sync::Arc;

/// A key as the engine sees it: the cells of a `KeyRef`, on the stack.
pub(crate) fn key_cells<K: Key>(key: &impl KeyRef<K>) -> ([Cell<'_>; MAX_KEY_PARTS], usize) {
    let mut cells = [const { Cell::Null }; MAX_KEY_PARTS];
    for (i, cell) in cells.iter_mut().enumerate().take(K::PARTS) {
        *cell = key.part(i);
    }
    (cells, K::PARTS)
}

/// The value of a primary key of one integer column.
pub(crate) fn integer_key(kind: TableType, row: &dyn AnyRow) -> Option<i64> {
    match *kind.meta.primary_key {
        [column] => row.cell(column).as_integer(),
        _ => None,
    }
}

/// The first part of a key, where it is an integer.
#[inline]
fn integer_part<K>(key: &impl KeyRef<K>) -> Option<i64> {
    key.part(0).as_integer()
}

impl Table {
    /// The row with that key, typed. For an integer key that follows the guess: one walk of the row tree.
    #[inline]
    pub(crate) fn get<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<&Arc<M>> {
        Some(self.find_row::<M>(key)?.1)
    }

    /// The same with the row's place.
    #[inline]
    pub(crate) fn find_row<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<(RowId, &Arc<M>)> {
        if let &[column] = M::KEY
            && let Some(integer) = integer_part(key)
            && let Some(id) = self.slots.guess(integer)
            && let Some(row) = self.rows.get::<M>(id)
            && row.cell(column).as_integer() == Some(integer)
        {
            return Some((id, row));
        }
        self.find_row_by_hash(key)
    }

    /// Not inlined: the fewer instructions a guess takes, the more rows the processor fetches at the same time.
    #[inline(never)]
    fn find_row_by_hash<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<(RowId, &Arc<M>)> {
        let (cells, parts) = key_cells::<M::Key>(key);
        let id = self.find_by_hash(&cells[..parts])?;
        Some((id, self.rows.get::<M>(id)?))
    }

    /// The row of that key with its place.
    pub(crate) fn find_with_row(&self, key: &[Cell<'_>]) -> Option<(RowId, &dyn AnyRow)> {
        if let [cell] = key
            && let Some(id) = cell.as_integer().and_then(|n| self.slots.guess(n))
            && let Some(leaf) = self.rows.leaf(id)
            && let slot = split(id).1
            && let Some(row) = leaf.row(slot)
            && row.cell(self.meta().primary_key[0]) == *cell
        {
            return Some((id, row));
        }
        let id = self.find_by_hash(key)?;
        Some((id, self.rows.row(id)?))
    }

    /// The row id of that key.
    pub(crate) fn find(&self, key: &[Cell<'_>]) -> Option<RowId> {
        if let [cell] = key
            && let Some(id) = cell.as_integer().and_then(|n| self.slots.guess(n))
            && self.has_key(id, key)
        {
            return Some(id);
        }
        self.find_by_hash(key)
    }

    fn find_by_hash(&self, key: &[Cell<'_>]) -> Option<RowId> {
        if self.keys.is_empty() {
            return None;
        }
        self.keys.find(hash_cells(key)).find(|id| self.has_key(*id, key))
    }

    fn has_key(&self, id: RowId, key: &[Cell<'_>]) -> bool {
        self.rows.row(id).is_some_and(|row| *Cells::of(row, self.meta().primary_key) == *key)
    }

    /// The rows with these values in the unique index at `position`: at most one, but for a moment inside of a
    /// statement.
    pub(crate) fn find_unique<'a>(
        &'a self,
        position: usize,
        values: &'a [Cell<'a>],
    ) -> impl Iterator<Item = RowId> + 'a {
        let columns = self.meta().indexes[position].columns;
        let tree = match &self.indexes[position] {
            IndexStorage::Unique(tree) => Some(tree),
            IndexStorage::Ordered(_) => None,
        };
        tree.into_iter()
            .flat_map(|tree| tree.find(hash_cells(values)))
            .filter(move |id| self.rows.row(*id).is_some_and(|row| *Cells::of(row, columns) == *values))
    }

    /// The primary key of a row, for a message.
    pub(crate) fn show_key_of(&self, row: &dyn AnyRow) -> String {
        show_key(&Cells::of(row, self.meta().primary_key))
    }
}
