//! Who refers to whom, and whether everything that is referred to exists.
use super::World;
use crate::model::{AnyRow, RelationMeta, TableMeta};
use crate::table::{Cells, RowId, Table, TableType};
use crate::value::{Cell, show_key};
use crate::{Error, Result};

/// For each table, the foreign keys that refer to it.
#[derive(Default)]
pub(crate) struct Incoming {
    /// By number of the table that is referred to.
    children: Vec<Vec<Child>>,
}

/// A foreign key, seen from the table that it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Child {
    /// The table that refers.
    pub(crate) table: TableType,
    pub(crate) relation: &'static RelationMeta,
    /// The position of the index over the foreign key's columns.
    pub(crate) index: usize,
}

impl Incoming {
    pub(super) fn of<'a>(tables: impl Iterator<Item = &'a Table>) -> Self {
        let mut children: Vec<Vec<Child>> = Vec::new();
        for table in tables {
            for relation in table.meta().relations {
                let parent = (relation.target)().number();
                let index = index_over(table.meta(), relation.columns);
                if children.len() <= parent {
                    children.resize_with(parent + 1, Vec::new);
                }
                children[parent].extend(index.map(|index| Child { table: table.kind, relation, index }));
            }
        }
        Self { children }
    }

    /// The foreign keys that refer to this table.
    pub(crate) fn to(&self, meta: &TableMeta) -> &[Child] {
        self.children.get(meta.number()).map_or(&[], |children| children)
    }
}

/// The derive makes one over every foreign key; it is unique where the foreign key is declared so.
pub(super) fn index_over(meta: &TableMeta, columns: &[u16]) -> Option<usize> {
    meta.indexes.iter().position(|index| index.columns == columns)
}

impl World {
    /// The rows that refer to `key` through this foreign key, in row order.
    pub(crate) fn children(&self, child: &Child, key: &[Cell<'_>]) -> Vec<RowId> {
        let Some(table) = self.table(child.table.meta) else { return Vec::new() };
        let Some(index) = table.ordered(child.index) else {
            let mut ids: Vec<RowId> = table.find_unique(child.index, key).collect();
            ids.sort_unstable();
            return ids;
        };
        index.equal(key).map_or_else(Vec::new, |postings| postings.iter().collect())
    }

    /// The first row that refers to the deleted `parent`, whose key is not in use again.
    pub(crate) fn referring_row(
        &self,
        meta: &'static TableMeta,
        parent: &dyn AnyRow,
    ) -> Option<(Child, RowId)> {
        let children = self.incoming().to(meta);
        if children.is_empty() {
            return None;
        }
        let key = Cells::of(parent, meta.primary_key);
        if self.table(meta).is_some_and(|table| table.find(&key).is_some()) {
            return None;
        }
        children.iter().find_map(|child| Some((*child, *self.children(child, &key).first()?)))
    }

    /// The error for a delete of `parent` that leaves a row behind that refers to it.
    pub(crate) fn still_referenced(
        &self,
        meta: &'static TableMeta,
        parent: &dyn AnyRow,
        by: (Child, RowId),
    ) -> Error {
        let (child, id) = by;
        let row = self.row(child.table.meta, id);
        Error::StillReferenced {
            table: meta.name,
            key: show_key(&Cells::of(parent, meta.primary_key)),
            by: child.table.meta.name,
            by_key: row
                .map_or_else(String::new, |row| show_key(&Cells::of(row, child.table.meta.primary_key))),
            column: child.table.meta.column_names(child.relation.columns),
        }
    }

    /// Checks the foreign keys of a row: every row that it refers to must exist. A `None` part refers to nothing.
    ///
    /// # Errors
    /// `DanglingReference`.
    pub(crate) fn check_references(&self, meta: &'static TableMeta, row: &dyn AnyRow) -> Result<()> {
        meta.relations.iter().try_for_each(|relation| {
            let key = Cells::of(row, relation.columns);
            let target = (relation.target)();
            let exists = self.table(target).is_some_and(|table| table.find(&key).is_some());
            if exists || key.has_null() { Ok(()) } else { Err(dangling(meta, row, relation, &key)) }
        })
    }
}

/// The error for a foreign key without the row it refers to.
pub(crate) fn dangling(
    meta: &'static TableMeta,
    row: &dyn AnyRow,
    relation: &RelationMeta,
    key: &[Cell<'_>],
) -> Error {
    Error::DanglingReference {
        table: meta.name,
        column: meta.column_names(relation.columns),
        row: show_key(&Cells::of(row, meta.primary_key)),
        key: show_key(key),
        target: (relation.target)().name,
    }
}
