//! One table: rows, and the indexes that point into them.
//!
//! ```text
//!   Table ─┬─ RowTree   row id ─► row                       insertion order, scans, versions
//!          ├─ guess     integer key ─► row id               by subtraction, verified on the row
//!          ├─ HashTree  hash of key ─► row ids              keys that break the pattern, unique columns
//!          └─ OrderedIndex  value ─► row ids in row order   everything declared `index`
//! ```
//!
//! Nothing here is generic over models but the [`TypedLeaf`]: sixteen rows that know their type.
//!
//! Must stay true: every index equals the index rebuilt from the rows; a row id is never used twice; row ids grow in
//! insertion order. Not here: constraints that need a second table, transactions, locks.

mod bytes;
mod cells;
mod changed;
mod check;
mod edit;
mod lookup;
mod row_tree;
mod slots;
mod storage;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use cells::{Cells, are_found_alike, same_cells};
pub(crate) use changed::{ChangedRow, changed_rows};
pub(crate) use edit::Edited;
pub(crate) use lookup::{integer_key, key_cells};
pub(crate) use row_tree::{
    Block, Blocks, LEAF_ROWS, Leaf, Mask, Refused, Remains, RowTree, TypedLeaf, count, gather, split,
};
pub(crate) use slots::Slots;
pub(crate) use storage::{Table, TableType, table_type};

/// Where a row lives. Given in insertion order, never reused, never shown to users.
pub(crate) type RowId = u64;
