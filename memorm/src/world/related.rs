//! Rows that belong together: from a row along a relation, by a key or an index.
use super::World;
use super::foreign_keys::index_over;
use crate::model::{AnyRow, Path, TableMeta};
use crate::table::{Cells, RowId};
use crate::value::Cell;
use std::collections::HashSet;

impl World {
    /// The rows of a table with this key in these columns, in row order: the columns of its primary key or of a foreign
    /// key. A `None` in the key equals nothing. O(log n + found).
    pub(crate) fn rows_with(
        &self,
        meta: &'static TableMeta,
        columns: &[u16],
        key: &[Cell<'_>],
    ) -> Vec<RowId> {
        if key.iter().any(Cell::is_null) {
            return Vec::new();
        }
        let Some(table) = self.table_with(meta, columns, key) else { return Vec::new() };
        if columns == meta.primary_key {
            return Vec::from_iter(table.find(key));
        }
        let Some(position) = index_over(meta, columns) else { return Vec::new() };
        let Some(index) = table.ordered(position) else {
            let mut ids: Vec<RowId> = table.find_unique(position, key).collect();
            ids.sort_unstable();
            return ids;
        };
        index.equal(key).map_or_else(Vec::new, |postings| postings.iter().collect())
    }

    /// The rows of `to` that `row` leads to, each once: in row order; across a link table in the order of the first link
    /// to each.
    pub(crate) fn related(&self, path: Path, to: &'static TableMeta, row: &dyn AnyRow) -> Vec<RowId> {
        self.related_to(path, to, &Cells::of(row, path.from))
    }

    /// The rows of `to` that a row with this key leads to, as [`related`](Self::related).
    pub(crate) fn related_to(&self, path: Path, to: &'static TableMeta, key: &[Cell<'_>]) -> Vec<RowId> {
        let Some(through) = path.through else { return self.rows_with(to, path.to, key) };
        let links = self.rows_with(through.table, through.by, key);
        let mut seen = HashSet::new();
        let table = self.known_table(through.table);
        let linked = links.into_iter().filter_map(|id| table?.rows.row(id));
        linked
            .flat_map(|link| self.rows_with(to, path.to, &Cells::of(link, through.to)))
            .filter(|id| seen.insert(*id))
            .collect()
    }
}
