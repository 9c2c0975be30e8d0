//! Moving a unit onto a head that other commits have changed: the first committer of a row wins.
//!
//! The rows that the unit has changed must be in the head as they are in its base. New rows get their places anew, after
//! those that others have added. Then every rule is checked once more, and one that breaks only there is a conflict.
use super::unit::Unit;
use super::work::{Entry, TableWork, Unique};
use crate::fault;
use crate::link::Link;
use crate::model::AnyRow;
use crate::table::{Cells, RowId, Table};
use crate::value::show_key;
use crate::world::World;
use crate::{Error, Result};

impl Unit {
    /// Moves the unit onto a newer head.
    ///
    /// # Errors
    /// `Conflict` where another commit changed a row that this one wrote, or where a rule holds on the old base and not
    /// on the head, or where a serializable session has read what another commit changed.
    pub(super) fn rebase(&mut self, head: Link<World>) -> Result<()> {
        fault::point("rebase");
        for work in &self.work {
            if !work.entries.is_empty() {
                head.check_name(work.kind.meta)?;
            }
            work.check_against(self.base().table(work.kind.meta), head.table(work.kind.meta))?;
        }
        self.check_reads(&head)?;
        fault::point("rebase: what was read holds");
        let _ = self.take_private();
        for work in self.work.iter_mut().filter(|work| !work.is_idle()) {
            work.renumber(head.table(work.kind.meta));
        }
        fault::point("rebase: the rows have new places");
        self.set_base(head);
        self.check_all().map_err(as_conflict)
    }
}

/// A rule that another commit has broken for us.
fn as_conflict(error: Error) -> Error {
    let reason = format!("after another commit, {error}");
    match error {
        Error::Duplicate { table, value, .. } => Error::Conflict { table, key: value, reason },
        Error::DanglingReference { table, row, .. } => Error::Conflict { table, key: row, reason },
        Error::StillReferenced { table, key, .. } => Error::Conflict { table, key, reason },
        other => other,
    }
}

impl TableWork {
    /// First committer wins, row by row: what this session changed must be in `head` as it is in the base, and what it
    /// added must not be there under another row.
    fn check_against(&self, base: Option<&Table>, head: Option<&Table>) -> Result<()> {
        self.entries.iter().try_for_each(|entry| {
            if !entry.is_new {
                let before = base.and_then(|base| base.rows.share(entry.id));
                let before = before.expect("invariant: the base has the row of an entry that is not new");
                if !head.is_some_and(|head| head.rows.holds(entry.id, &before)) {
                    return Err(self.conflict(&*before, "another commit changed it".to_owned()));
                }
            }
            self.check_values(entry, base, head)
        })
    }

    /// New unique values, the primary key among them, must not be in `head`, except in rows that this session replaces.
    fn check_values(&self, entry: &Entry, base: Option<&Table>, head: Option<&Table>) -> Result<()> {
        let (Some(now), Some(head)) = (&entry.now, head) else { return Ok(()) };
        let meta = self.kind.meta;
        let mut uniques = vec![(Unique::PrimaryKey, meta.primary_key)];
        let unique = meta.indexes.iter().enumerate().filter(|(_, index)| index.is_unique);
        uniques.extend(unique.map(|(position, index)| (Unique::Index(position), index.columns)));
        for (unique, columns) in uniques {
            if !entry.has_new_values(base, columns) {
                continue;
            }
            // rows without a value are in no unique index
            let values = Cells::of(&**now, columns);
            let taken = match unique {
                Unique::PrimaryKey => head.find(&values).filter(|id| !self.replaces(*id)),
                Unique::Index(position) => head.find_unique(position, &values).find(|id| !self.replaces(*id)),
            };
            if taken.is_some() {
                let reason = format!(
                    "another commit took {}.{} {}",
                    meta.name,
                    meta.column_names(columns),
                    show_key(&values)
                );
                return Err(self.conflict(&**now, reason));
            }
        }
        Ok(())
    }

    /// Whether the row at `id` in the base is one that this session has changed or deleted. New rows do not count: their
    /// places are provisional.
    fn replaces(&self, id: RowId) -> bool {
        self.entry(id).is_some_and(|entry| !entry.is_new)
    }

    fn conflict(&self, row: &dyn AnyRow, reason: String) -> Error {
        let meta = self.kind.meta;
        Error::Conflict { table: meta.name, key: show_key(&Cells::of(row, meta.primary_key)), reason }
    }
}
