//! The merge of three versions.
//!
//! ```text
//!            ┌──► ours    ──┐      what they changed since the base is applied to ours, row by row:
//!      base ─┤              ├─►    a row that we left alone becomes theirs,
//!            └──► theirs  ──┘      one that both changed is merged column by column
//! ```
//!
//! Rows are paired by primary key. Ours keep their places; what they added comes behind, in their order. All constraints
//! are checked on the result, which is whole or is not made. Costs what they changed.
use super::World;
use super::change::{Change, is_equal};
use super::merge_rows::{Side, choose_row, merge_columns};
use super::rekey::rewrite;
use super::resolve::{Rekeyed, Resolve};
use crate::fault;
use crate::model::{AnyRow, TableMeta};
use crate::table::{Cells, RowId, Table, TableType, integer_key};
use crate::value::show_key;
use crate::{Error, Result};
use std::sync::Arc;

/// Their changes of one table.
pub(super) struct Theirs {
    pub(super) kind: TableType,
    pub(super) changes: Vec<Change<dyn AnyRow>>,
}

/// Hands out the next key of a table above one that is in use.
pub(crate) type NextKey<'a> = &'a dyn Fn(&TableMeta, u64, &dyn Fn(u64) -> bool) -> Option<u64>;

/// What was written, to be checked at the end.
#[derive(Default)]
struct Written {
    rows: Vec<(TableType, RowId)>,
    deleted: Vec<(TableType, Arc<dyn AnyRow>)>,
}

impl World {
    /// This version with what happened from `base` to `theirs`. Keys go on from the higher counter of both.
    ///
    /// # Errors
    /// `MergeConflict`, and `Duplicate`, `DanglingReference`, `StillReferenced`, `Check` of the result, `KeyExhausted`.
    pub(crate) fn merged(
        &self,
        base: &Self,
        theirs: &Self,
        resolve: &Resolve,
        next_key: NextKey<'_>,
    ) -> Result<(Self, Vec<Rekeyed>)> {
        let mut tables = Vec::new();
        for meta in theirs.tables_unlike(base) {
            let kind = theirs.table(meta).or(base.table(meta)).map(|table| table.kind);
            if let Some(kind) = kind {
                self.check_name(meta)?;
                // a row keeps our place
                let mut changes = theirs.changes_since(base, meta);
                changes.retain(Change::has_new_values);
                tables.push(Theirs { kind, changes });
            }
        }
        let mut next = self.clone();
        // a counter that went back here may be behind theirs where they have changed nothing
        for table in theirs.tables() {
            if table.last_key > self.table(table.meta()).map_or(0, |mine| mine.last_key) {
                self.check_name(table.meta())?;
                next.table_mut(table.kind).last_key = table.last_key;
            }
        }
        let mut rekeyed = Vec::new();
        if matches!(resolve, Resolve::Rekey) {
            let fresh = next.choose_keys(&tables, &mut rekeyed, next_key)?;
            tables.iter_mut().try_for_each(|table| rewrite(table, &fresh))?;
        }
        let mut written = Written::default();
        for table in tables {
            for change in table.changes {
                fault::point("merge: a change");
                next.apply(base, table.kind, change, resolve, &mut written)?;
            }
        }
        next.check_merged(&written)?;
        Ok((next, rekeyed))
    }

    pub(super) fn find_row(
        &self,
        meta: &'static TableMeta,
        row: &dyn AnyRow,
    ) -> Option<(RowId, Arc<dyn AnyRow>)> {
        let table = self.table(meta)?;
        let id = table.find(&Cells::of(row, meta.primary_key))?;
        Some((id, table.rows.share(id)?))
    }

    fn apply(
        &mut self,
        base: &Self,
        kind: TableType,
        change: Change<dyn AnyRow>,
        resolve: &Resolve,
        written: &mut Written,
    ) -> Result<()> {
        let meta = kind.meta;
        match change {
            Change::Inserted(new) => match self.find_row(meta, &*new) {
                None => self.add_merged(kind, new, written),
                Some((_, ours)) if is_equal(&*ours, &*new) => {}
                Some((id, _)) => {
                    if choose_row(resolve, meta, &*new, [false, true, true])? == Side::Theirs {
                        self.replace_merged(kind, id, new, written);
                    }
                }
            },
            Change::Updated { old, new, .. } => match self.find_row(meta, &*old) {
                Some((id, ours)) if Arc::ptr_eq(&ours, &old) || is_equal(&*ours, &*old) => {
                    self.replace_merged(kind, id, new, written);
                }
                Some((id, ours)) => {
                    let merged = merge_columns(resolve, meta, [&*old, &*ours, &*new])?;
                    merged.check().map_err(|message| Error::Check {
                        table: meta.name,
                        key: show_key(&Cells::of(&*merged, meta.primary_key)),
                        message,
                    })?;
                    self.replace_merged(kind, id, merged, written);
                }
                None => {
                    if choose_row(resolve, meta, &*new, [true, false, true])? == Side::Theirs {
                        self.add_merged(kind, new, written);
                    }
                }
            },
            Change::Deleted(old) => {
                let Some((id, ours)) = self.find_row(meta, &*old) else { return Ok(()) };
                let was = base.find_row(meta, &*old).map(|(_, row)| row).unwrap_or(old);
                let is_untouched = Arc::ptr_eq(&ours, &was) || is_equal(&*ours, &*was);
                if is_untouched || choose_row(resolve, meta, &*was, [true, true, false])? == Side::Theirs {
                    self.table_mut(kind).remove(id);
                    written.deleted.push((kind, ours));
                }
            }
        }
        Ok(())
    }

    fn add_merged(&mut self, kind: TableType, row: Arc<dyn AnyRow>, written: &mut Written) {
        let table = self.table_mut(kind);
        let id = table.slots.give(integer_key(kind, &*row), table.len() == 0);
        table.insert(id, row);
        written.rows.push((kind, id));
    }

    fn replace_merged(&mut self, kind: TableType, id: RowId, row: Arc<dyn AnyRow>, written: &mut Written) {
        self.table_mut(kind).replace(id, row);
        written.rows.push((kind, id));
    }

    /// Checks what was written against the whole result.
    fn check_merged(&self, written: &Written) -> Result<()> {
        for (kind, id) in &written.rows {
            fault::point("merge: a check");
            let Some(table) = self.table(kind.meta) else { continue };
            // it may have been deleted again by a later change
            let Some(row) = table.rows.row(*id) else { continue };
            check_unique(table, *id, row)?;
            self.check_references(kind.meta, row)?;
        }
        for (kind, row) in &written.deleted {
            if let Some(by) = self.referring_row(kind.meta, &**row) {
                return Err(self.still_referenced(kind.meta, &**row, by));
            }
        }
        Ok(())
    }
}

fn check_unique(table: &Table, id: RowId, row: &dyn AnyRow) -> Result<()> {
    let meta = table.meta();
    for (position, index) in meta.indexes.iter().enumerate().filter(|(_, index)| index.is_unique) {
        let values = Cells::of(row, index.columns);
        if values.has_null() {
            continue;
        }
        if let Some(other) = table.find_unique(position, &values).find(|other| *other != id) {
            let used_by = table.rows.row(other).map(|row| {
                let names = meta.column_names(meta.primary_key);
                format!("{names} {}", table.show_key_of(row))
            });
            return Err(Error::Duplicate {
                table: meta.name,
                column: meta.column_names(index.columns),
                value: show_key(&values),
                used_by: used_by.unwrap_or_default(),
            });
        }
    }
    Ok(())
}
