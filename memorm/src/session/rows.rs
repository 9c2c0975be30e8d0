//! One row at a time: add, merge, delete. All erased; `handle` puts the types back on.
use super::entries::Site;
use super::unit::Unit;
use super::update::Draft;
use crate::fault;
use crate::model::{AnyRow, Stamps, TableMeta};
use crate::table::{Cells, RowId, TableType};
use crate::value::{Cell, show_key};
use crate::{Error, Result};
use std::cell::Cell as Counter;
use std::sync::Arc;

/// What is checked right after a write, and what a statement checks once at its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UniqueChecks {
    Now,
    AtEnd,
}

/// Where a row's key comes from. One that was just handed out is in use nowhere.
#[derive(Clone, Copy)]
pub(super) enum KeySource {
    Counter,
    Caller,
}

impl Unit {
    /// Adds a row: assigns its key, fills what memorm fills, checks it.
    pub(super) fn add(
        &mut self,
        kind: TableType,
        mut row: Arc<dyn AnyRow>,
        checks: UniqueChecks,
    ) -> Result<(RowId, Arc<dyn AnyRow>)> {
        let at = self.work_in(kind)?;
        let last_key = self.work[at].last_key;
        let ready = self.prepare(at, &mut row, None);
        let ready = ready.and_then(|source| match source {
            KeySource::Counter => Ok(()),
            KeySource::Caller => self.check_new_key(kind.meta, &*row),
        });
        let ready = ready.and_then(|()| match checks {
            UniqueChecks::Now => self.check_unique(kind.meta, &*row, None, false),
            UniqueChecks::AtEnd => Ok(()),
        });
        if let Err(error) = ready {
            self.work[at].last_key = last_key;
            return Err(error);
        }
        fault::point("add: the row is ready");
        Ok((self.insert(at, row.clone(), last_key), row))
    }

    /// Adds rows, all or none.
    pub(super) fn add_rows(
        &mut self,
        kind: TableType,
        rows: impl Iterator<Item = Arc<dyn AnyRow>>,
    ) -> Result<Vec<Arc<dyn AnyRow>>> {
        self.whole_or_nothing(|unit| {
            let mut added = Vec::with_capacity(rows.size_hint().0);
            for row in rows {
                added.push(unit.add(kind, row, UniqueChecks::Now)?.1);
            }
            Ok(added)
        })
    }

    /// The row that has the value of `row` in a unique column.
    ///
    /// # Errors
    /// `NotUnique` where the column is neither unique by itself nor the primary key.
    pub(super) fn locate_by(
        &self,
        meta: &'static TableMeta,
        column: u16,
        row: &dyn AnyRow,
    ) -> Result<Option<RowId>> {
        self.base(); // the first call chooses the version, even one that fails
        let values = Cells::of(row, &[column]);
        if *meta.primary_key == [column] {
            return Ok(self.locate(meta, &values));
        }
        let index = meta.indexes.iter().position(|index| index.is_unique && *index.columns == [column]);
        let position =
            index.ok_or_else(|| Error::NotUnique { table: meta.name, column: meta.column(column).name })?;
        Ok(self.find_unique(meta, position, &values, None))
    }

    fn check_new_key(&self, meta: &'static TableMeta, row: &dyn AnyRow) -> Result<()> {
        let key = Cells::of(row, meta.primary_key);
        match self.locate(meta, &key) {
            Some(id) => Err(self.duplicate(meta, meta.primary_key, &key, id)),
            None => Ok(()),
        }
    }

    /// The error for values that another row has.
    pub(super) fn duplicate(
        &self,
        meta: &'static TableMeta,
        columns: &[u16],
        values: &[Cell<'_>],
        by: RowId,
    ) -> Error {
        Error::Duplicate {
            table: meta.name,
            column: meta.column_names(columns),
            value: show_key(values),
            used_by: format!("{} {}", meta.column_names(meta.primary_key), self.show_key(meta, by)),
        }
    }

    /// Fills what memorm fills and runs the model's check. `old` is the row that this one replaces.
    pub(super) fn prepare(
        &mut self,
        at: usize,
        row: &mut Arc<dyn AnyRow>,
        old: Option<&dyn AnyRow>,
    ) -> Result<KeySource> {
        if Arc::get_mut(row).is_none() {
            *row = row.copy();
        }
        let row = Arc::get_mut(row).expect("invariant: a fresh copy has one owner");
        let work = &mut self.work[at];
        let (meta, shared) = (work.kind.meta, &self.shared);
        let last = Counter::new(work.last_key);
        let source = Counter::new(KeySource::Caller);
        let mut stamps = Stamps {
            table: meta,
            now: &|| shared.now(),
            next_key: &mut |fits| {
                let key = shared.next_key(meta, last.get(), &fits)?;
                last.set(key);
                source.set(KeySource::Counter);
                Some(key)
            },
            explicit_key: &mut |key| last.set(last.get().max(key)),
        };
        row.stamp(old, &mut stamps)?;
        row.check().map_err(|message| refused(meta, row, message))?;
        work.last_key = last.get();
        // one part of a compound key says nothing about the others
        Ok(if meta.primary_key.len() == 1 { source.get() } else { KeySource::Caller })
    }

    /// Refuses a write with an outdated `version` column. A version of 0 was never read from the database and is not
    /// compared.
    ///
    /// # Errors
    /// `Stale`.
    pub(super) fn check_version(
        &self,
        meta: &'static TableMeta,
        current: &dyn AnyRow,
        given: &dyn AnyRow,
    ) -> Result<()> {
        let Some(column) = meta.columns.iter().position(|c| c.is_version) else { return Ok(()) };
        let key = || show_key(&Cells::of(current, meta.primary_key));
        let (given, current) = (given.cell(column as u16), current.cell(column as u16));
        if given == current || given.as_integer() == Some(0) {
            return Ok(());
        }
        Err(Error::Stale {
            table: meta.name,
            key: key(),
            given: given.to_value().to_string(),
            current: current.to_value().to_string(),
        })
    }

    /// Adds the row, or replaces the one with its key.
    pub(super) fn merge(&mut self, kind: TableType, row: Arc<dyn AnyRow>) -> Result<Arc<dyn AnyRow>> {
        let at = self.work_in(kind)?;
        let found = self.find_seen(kind.meta, &Cells::of(&*row, kind.meta.primary_key));
        match found {
            Some((id, old)) => {
                self.check_version(kind.meta, old, &*row)?;
                self.finish_update(Draft::new(Site::new(at, id), row), UniqueChecks::Now)
            }
            None => self.add(kind, row, UniqueChecks::Now).map(|(_, row)| row),
        }
    }

    /// Deletes the row with this key and what the delete cascades to; `false` where there is none. `given` is the
    /// object that the caller holds, whose version must be current.
    pub(super) fn delete(
        &mut self,
        kind: TableType,
        key: &[Cell<'_>],
        given: Option<&dyn AnyRow>,
    ) -> Result<bool> {
        let at = self.work_in(kind)?;
        let Some((id, row)) = self.find_seen(kind.meta, key) else { return Ok(false) };
        if let Some(given) = given {
            self.check_version(kind.meta, row, given)?;
        }
        if self.is_referred_to(kind.meta) {
            self.delete_rows(at, &[id])?;
        } else {
            self.overwrite(Site::new(at, id), None, false);
        }
        Ok(true)
    }
}

/// The error for an update that gave its row another key.
pub(super) fn key_changed(meta: &'static TableMeta, old: &dyn AnyRow) -> Error {
    Error::KeyChanged { table: meta.name, key: show_key(&Cells::of(old, meta.primary_key)) }
}

/// The error for a row that the model's check refuses.
pub(super) fn refused(meta: &'static TableMeta, row: &dyn AnyRow, message: String) -> Error {
    Error::Check { table: meta.name, key: show_key(&Cells::of(row, meta.primary_key)), message }
}

/// The error for a key that no row has.
pub(super) fn not_found(meta: &'static TableMeta, key: &[Cell<'_>]) -> Error {
    Error::NotFound { table: meta.name, key: show_key(key) }
}
