//! Whether a table's indexes equal those rebuilt from its rows.
use super::storage::{IndexStorage, Table, empty_index};
use super::{Cells, RowId};
use crate::index::OrderedIndex;
use crate::model::AnyRow;
use crate::value::{hash_cells, show_key};

impl Table {
    /// Describes the first thing that is wrong with this table alone.
    pub(crate) fn inconsistency(&self) -> Option<String> {
        let mut count = 0;
        for (id, row) in self.rows.iter() {
            count += 1;
            let wrong = self.row_inconsistency(id, row);
            if wrong.is_some() {
                return wrong;
            }
        }
        if count != self.len() {
            return Some(format!("{} counts {} rows and holds {count}", self.meta().name, self.len()));
        }
        if let Some(column) = self.rows.stale_column() {
            let columns = self.meta().column_names(&[column]);
            return Some(format!("what is kept of {}.{columns} differs from its rows", self.meta().name));
        }
        (0..self.indexes.len()).find_map(|position| self.index_inconsistency(position))
    }

    fn row_inconsistency(&self, id: RowId, row: &dyn AnyRow) -> Option<String> {
        let key = Cells::of(row, self.meta().primary_key);
        if self.find(&key) != Some(id) {
            return Some(format!("{} {} is not found by its key", self.meta().name, show_key(&key)));
        }
        for (position, index) in self.meta().indexes.iter().enumerate().filter(|(_, index)| index.is_unique) {
            let values = Cells::of(row, index.columns);
            let others = self.find_unique(position, &values).filter(|other| *other != id).count();
            let found = self.find_unique(position, &values).any(|other| other == id);
            if !values.has_null() && (others > 0 || !found) {
                let columns = self.meta().column_names(index.columns);
                return Some(format!(
                    "unique index {}.{columns} is wrong about {}",
                    self.meta().name,
                    show_key(&values)
                ));
            }
        }
        None
    }

    fn index_inconsistency(&self, position: usize) -> Option<String> {
        let columns = self.meta().indexes[position].columns;
        let wrong = match &self.indexes[position] {
            IndexStorage::Unique(tree) => {
                let entries =
                    self.rows.iter().filter(|(_, row)| !Cells::of(*row, columns).has_null()).count();
                tree.len() != entries
            }
            IndexStorage::Ordered(index) => {
                let IndexStorage::Ordered(mut fresh) =
                    empty_index(self.meta(), &self.meta().indexes[position])
                else {
                    return None;
                };
                for (id, row) in self.rows.iter() {
                    fresh.insert(&Cells::of(row, columns), id);
                }
                {
                    let entries =
                        |index: &OrderedIndex| index.ascending().flat_map(|p| p.iter()).collect::<Vec<_>>();
                    !index.is_consistent() || entries(index) != entries(&fresh)
                }
            }
        };
        wrong.then(|| {
            format!("index {}.{} differs from its rows", self.meta().name, self.meta().column_names(columns))
        })
    }

    /// Whether some entry of the key index has no row behind it.
    pub(crate) fn has_stray_keys(&self) -> bool {
        let strays = self.rows.iter().filter(|(_, row)| {
            let key = Cells::of(*row, self.meta().primary_key);
            self.keys.find(hash_cells(&key)).any(|id| self.rows.row(id).is_none())
        });
        strays.count() > 0 || self.keys.len() > self.len()
    }
}
