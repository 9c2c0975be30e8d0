//! Whether what a serializable session has read still holds on a newer head.
//!
//! Every read must be as it was: then the session has the same effect as one that runs alone at the moment of its commit,
//! and commit order is the serial order. A session that writes nothing needs no check: it sees the result of the commits
//! before its version and of no other, which is a place in that order.
//!
//! Not here: noting what is read, which the versions do; see `world::reads`.
use super::unit::Unit;
use crate::eval::truth;
use crate::expr::Code;
use crate::model::{AnyRow, TableMeta};
use crate::plan::FrameBatch;
use crate::table::{Block, Cells, LEAF_ROWS, Mask, RowTree, Table};
use crate::value::{Cell, Value, show_key};
use crate::world::{Reads, TableReads, World};
use crate::{Error, Result};

impl Unit {
    /// Notes the row with this key, or that there is none, as the base has it. Own rows are no reads.
    pub(super) fn note_key(&self, meta: &'static TableMeta, key: &[Cell<'_>]) {
        let Some(reads) = self.reads() else { return };
        match self.base().table(meta).and_then(|table| table.find(key)) {
            Some(id) => reads.note_row(meta, id),
            None => reads.note_missing(meta, None, key),
        }
    }

    /// Notes who has these values in a unique index, or that nobody has.
    pub(super) fn note_unique(&self, meta: &'static TableMeta, position: usize, values: &[Cell<'_>]) {
        let Some(reads) = self.reads() else { return };
        match self.base().table(meta).and_then(|table| table.find_unique(position, values).next()) {
            Some(id) => reads.note_row(meta, id),
            None => reads.note_missing(meta, Some(position), values),
        }
    }

    /// Checks everything that was read against `head`.
    ///
    /// # Errors
    /// `Conflict` names the row that another commit changed, and the condition that it belongs to.
    pub(super) fn check_reads(&self, head: &World) -> Result<()> {
        let Some(reads) = self.reads() else { return Ok(()) };
        let (base, reads) = (self.base(), reads.lock());
        if reads.is_everything && base.version != head.version {
            return Err(conflict("the database", "*", "another commit changed it, and all of it was read"));
        }
        reads
            .tables
            .iter()
            .try_for_each(|reads| check_table(reads, base.table(reads.meta), head.table(reads.meta)))
    }

    fn reads(&self) -> Option<&Reads> {
        self.reads.as_deref()
    }
}

fn check_table(reads: &TableReads, base: Option<&Table>, head: Option<&Table>) -> Result<()> {
    for id in &reads.rows {
        let Some(row) = base.and_then(|base| base.rows.share(*id)) else { continue };
        if !head.is_some_and(|head| head.rows.holds(*id, &row)) {
            return Err(changed(reads.meta, &*row, "another commit changed it, which this session has read"));
        }
    }
    for (index, values) in &reads.missing {
        let values: Vec<Cell<'_>> = values.iter().map(Value::cell).collect();
        let taken = head.and_then(|head| {
            let id = match index {
                None => head.find(&values),
                Some(position) => head.find_unique(*position, &values).next(),
            };
            head.rows.row(id?)
        });
        if let Some(row) = taken {
            let columns = index.map_or(reads.meta.primary_key, |i| reads.meta.indexes[i].columns);
            let value =
                format!("{}.{} {}", reads.meta.name, reads.meta.column_names(columns), show_key(&values));
            let reason = format!("another commit took {value}, which this session has not found");
            return Err(changed(reads.meta, row, &reason));
        }
    }
    if reads.is_whole || !reads.filters.is_empty() || !reads.keys.is_empty() {
        let rows = |table: Option<&Table>| table.map_or_else(RowTree::default, |table| table.rows.clone());
        let (base, head) = (rows(base), rows(head));
        let blocks = unlike_blocks(&base, &head);
        check_keys(reads, &blocks)?;
        return check_filters(reads, &blocks);
    }
    Ok(())
}

/// The rows that differ, as they were and as they are.
fn unlike_blocks<'a>(base: &'a RowTree, head: &'a RowTree) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    for (first, old, new) in head.leaves_unlike(base) {
        for (leaf, other) in [(old, new), (new, old)] {
            let Some(leaf) = leaf else { continue };
            let unlike = leaf.unlike(other);
            let differs = |slot: &usize| unlike >> slot & 1 == 1 && leaf.row(*slot).is_some();
            let mask = (0..LEAF_ROWS).filter(differs).fold(0, |mask: Mask, slot| mask | 1 << slot);
            if mask != 0 {
                blocks.push(Block { first, leaf, mask, home: None });
            }
        }
    }
    blocks
}

/// No row that differs may have, or have had, a key that was asked for.
fn check_keys(reads: &TableReads, blocks: &[Block<'_>]) -> Result<()> {
    for (columns, keys) in &reads.keys {
        for (_, row) in blocks.iter().flat_map(|block| block.rows()) {
            let key = Cells::of(row, columns);
            if keys.contains(&key.iter().map(Cell::to_value).collect::<Vec<_>>()) {
                let (table, columns) = (reads.meta.name, reads.meta.column_names(columns));
                let reason = format!(
                    "another commit changed a row with {table}.{columns} {}, which this session has read",
                    show_key(&key)
                );
                return Err(changed(reads.meta, row, &reason));
            }
        }
    }
    Ok(())
}

/// No row that differs may be, or have been, among those that were asked for.
fn check_filters(reads: &TableReads, blocks: &[Block<'_>]) -> Result<()> {
    if blocks.is_empty() {
        return Ok(());
    }
    if reads.is_whole {
        let row = blocks[0].rows().next();
        let reason =
            format!("another commit changed it, and this session has read all of {}", reads.meta.name);
        return row.map_or(Ok(()), |(_, row)| Err(changed(reads.meta, row, &reason)));
    }
    reads.filters.iter().try_for_each(|filter| match first_match(filter, blocks) {
        Some(row) => {
            let reason = format!("another commit changed what `{filter}` finds, which this session has read");
            Err(changed(reads.meta, row, &reason))
        }
        None => Ok(()),
    })
}

/// The first row that passes, or for which the condition has no value.
fn first_match<'a>(filter: &Code, blocks: &[Block<'a>]) -> Option<&'a dyn AnyRow> {
    let batch = FrameBatch::of_blocks(blocks);
    let truth = truth(filter, &batch);
    let passed = truth.yes.iter().position(|yes| *yes);
    let failed = truth.faults.first().map(|(lane, _)| *lane as usize);
    let lane = passed.into_iter().chain(failed).min()?;
    blocks.iter().flat_map(|block| block.rows()).nth(lane).map(|(_, row)| row)
}

fn changed(meta: &'static TableMeta, row: &dyn AnyRow, reason: &str) -> Error {
    conflict(meta.name, &show_key(&Cells::of(row, meta.primary_key)), reason)
}

fn conflict(table: &'static str, key: &str, reason: &str) -> Error {
    Error::Conflict { table, key: key.to_owned(), reason: reason.to_owned() }
}
