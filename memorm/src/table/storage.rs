//! `Table`: one version of a table.
use super::edit::can_edit_plain;
use super::row_tree::RowTree;
use super::slots::Slots;
use super::{Leaf, TypedLeaf};
use crate::index::{HashTree, OrderedIndex};
use crate::link::Link;
use crate::model::{Model, TableMeta};
use crate::value::Kind;

/// What makes a table of some model: the only values that name the model, so that the rest is compiled once.
#[derive(Clone, Copy)]
pub(crate) struct TableType {
    pub(crate) meta: &'static TableMeta,
    pub(crate) new_leaf: fn() -> Link<dyn Leaf>,
}

/// The table of `M`.
#[inline]
pub(crate) fn table_type<M: Model>() -> TableType {
    TableType { meta: M::table(), new_leaf: TypedLeaf::<M>::make }
}

/// One version of a table. `Clone` copies a few pointers.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) kind: TableType,
    pub(crate) rows: RowTree,
    pub(crate) slots: Slots,
    /// The primary keys that do not follow the row-id guess.
    pub(super) keys: HashTree,
    /// One for each declared index.
    pub(super) indexes: Vec<IndexStorage>,
    /// The highest key that was assigned or chosen in an `auto` column.
    pub(crate) last_key: u64,
    /// Of a table whose rows may be changed where they lie without keeping a copy, as nothing can refuse them.
    pub(super) is_plain: bool,
}

/// The entries of one declared index.
#[derive(Clone)]
pub(crate) enum IndexStorage {
    /// Finds equal values.
    Unique(HashTree),
    /// Finds ranges, and walks in order of value.
    Ordered(OrderedIndex),
}

impl Table {
    pub(crate) fn new(kind: TableType) -> Self {
        Self {
            kind,
            rows: RowTree::default(),
            slots: Slots::default(),
            keys: HashTree::default(),
            indexes: kind.meta.indexes.iter().map(|index| empty_index(kind.meta, index)).collect(),
            last_key: 0,
            is_plain: can_edit_plain(kind.meta),
        }
    }

    pub(crate) fn meta(&self) -> &'static TableMeta {
        self.kind.meta
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The ordered index at `position`; `None` for a unique one.
    pub(crate) fn ordered(&self, position: usize) -> Option<&OrderedIndex> {
        match self.indexes.get(position)? {
            IndexStorage::Ordered(index) => Some(index),
            IndexStorage::Unique(_) => None,
        }
    }

    /// Whether a commit may change this table in place: no code but memorm's runs in it.
    pub(crate) fn is_built_in(&self) -> bool {
        self.meta().columns.iter().all(|c| c.is_built_in)
    }
}

pub(super) fn empty_index(meta: &TableMeta, index: &crate::model::IndexMeta) -> IndexStorage {
    if index.is_unique {
        return IndexStorage::Unique(HashTree::default());
    }
    let kinds: Vec<Kind> = index.columns.iter().map(|c| meta.column(*c).kind).collect();
    IndexStorage::Ordered(OrderedIndex::new(&kinds))
}
