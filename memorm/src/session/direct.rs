//! Calls without a commit: straight into a version that the unit owns.
//!
//! ```text
//!   row by row    the unit's usual work, applied to its base at the end of each call
//!   update        the row where it lies: copy aside, closure, checks, index entries that moved
//!   statement     new values for all rows first, then leaf by leaf, where no index and no key has a set column
//! ```
//!
//! Must stay true: after a call, whatever it ran into, every index equals its rows, and every constraint holds. Where
//! a snapshot shares the base, the parts that are written are copied first.
use super::bulk::{Written, unfit};
use super::patch::{Part, Patch, is_assignable};
use super::rows::{UniqueChecks, key_changed, not_found, refused};
use super::unit::Unit;
use crate::Result;
use crate::expr::Code;
use crate::fault;
use crate::link::{Link, own};
use crate::model::{AnyRow, Stamps, TableMeta};
use crate::table::{Cells, Refused, RowId, Table, TableType, same_cells};
use crate::value::{Cell, Kind};
use crate::world::{World, dangling};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// What a closure does to a row.
pub(super) type Change<'a> = &'a mut dyn FnMut(&mut dyn AnyRow) -> Result<()>;

impl Unit {
    pub(super) fn begin_direct(&mut self, base: Link<World>) {
        self.is_direct = true;
        self.set_base(base);
    }

    /// Publishes the base as a new version, if anything was written.
    pub(super) fn end_direct(&mut self) {
        self.discard();
        let Some(mut base) = self.take_base() else { return };
        if self.has_written {
            own(&mut base).version.0 += 1;
        }
        self.shared.end_exclusive(base);
    }

    /// Forgets what a call that panicked has left.
    pub(super) fn begin_call(&mut self) {
        if !self.is_clean() {
            self.discard();
        }
    }

    /// Ends a call of a unit that writes directly: checks what is due at commit, and writes.
    pub(super) fn end_call<T>(&mut self, result: Result<T>) -> Result<T> {
        if !self.is_direct {
            return result;
        }
        self.write_call(result.is_ok())?;
        result
    }

    /// Brings what a call has written into the base, where it `is_done`, and forgets it, also where a column type panics:
    /// what the base does not have is not to be seen.
    fn write_call(&mut self, is_done: bool) -> Result<()> {
        let written = catch_unwind(AssertUnwindSafe(|| {
            if is_done {
                self.check_all()?;
                self.apply();
            }
            Ok(())
        }));
        self.discard();
        written.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Brings the work into the base.
    fn apply(&mut self) {
        if self.work.iter().all(|work| work.is_idle()) {
            return;
        }
        fault::point("direct: apply");
        self.has_written = true;
        if self.private().is_some() || !self.is_built_in() {
            // a column type that panics does so before the base is touched
            self.view();
            if let Some(next) = self.take_private() {
                self.set_base(next);
            }
        } else {
            let mut work = std::mem::take(&mut self.work);
            if let Some(base) = self.base_mut() {
                work.iter_mut().for_each(|work| work.move_into(base));
            }
            self.work = work;
        }
        self.raise_keys();
    }

    /// Changes the row with this key where it lies.
    ///
    /// # Errors
    /// `NotFound`, those of `change`, and those of an update; the row then stays as it was. `KeyChanged`: the key is put
    /// back, the other columns stay as `change` left them.
    pub(super) fn edit(
        &mut self,
        kind: TableType,
        key: &[Cell<'_>],
        change: Change<'_>,
    ) -> Result<Arc<dyn AnyRow>> {
        let meta = kind.meta;
        if !meta.columns.iter().all(|c| c.is_built_in || c.kind == Kind::Opaque) {
            return self.edit_copy(kind, key, change);
        }
        let id = self.base().table(meta).and_then(|table| table.find(key));
        let id = id.ok_or_else(|| not_found(meta, key))?;
        let at = self.place_in(kind)?;
        let mut aside = self.work[at].spares.pop();
        let shared = self.shared.clone();
        let Some(world) = self.base_mut() else { return Err(not_found(meta, key)) };
        let edited = world.table_mut(kind).edit(id, |row| {
            let old = set_aside(&mut aside, row);
            catch_unwind(AssertUnwindSafe(|| {
                change(row)?;
                let now = &|| shared.now();
                row.stamp(
                    Some(old),
                    &mut Stamps { table: meta, now, next_key: &mut |_| None, explicit_key: &mut |_| {} },
                )?;
                row.check().map_err(|message| refused(meta, row, message))
            }))
        });
        let (Some((outcome, now)), Some(old)) = (edited, aside) else { return Err(not_found(meta, key)) };
        let (panic, failed) = match outcome {
            Ok(result) => (None, result.err()),
            Err(panic) => (Some(panic), None),
        };
        let failed = failed.or_else(|| self.check_edited(meta, id, &*old, &*now).err());
        let spare = match &failed {
            None => {
                self.keep_edited(kind, id, &*old, &*now);
                Some(old)
            }
            Some(_) => {
                self.base_mut().and_then(|world| world.table_mut(kind).rows.put(id, old, kind.new_leaf))
            }
        };
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let work = &mut self.work[at];
        if let Some(spare) = spare.filter(|_| work.is_built_in) {
            work.spares.keep(spare);
        }
        Ok(now)
    }

    /// The same with a copy that takes the row's place at the end: a column type that panics has changed nothing.
    fn edit_copy(
        &mut self,
        kind: TableType,
        key: &[Cell<'_>],
        change: Change<'_>,
    ) -> Result<Arc<dyn AnyRow>> {
        self.begin_call();
        let mut draft = self.begin_update(kind, key)?;
        let row = draft.row_mut();
        match catch_unwind(AssertUnwindSafe(|| change(row))) {
            Ok(result) => {
                let result = result.and_then(|()| self.finish_update(draft, UniqueChecks::Now));
                self.end_call(result)
            }
            Err(panic) => {
                let result = self.finish_update(draft, UniqueChecks::Now);
                let _ = self.end_call(result);
                resume_unwind(panic)
            }
        }
    }

    /// Checks a row that was changed where it lies; its indexes are not in step yet.
    fn check_edited(
        &self,
        meta: &'static TableMeta,
        id: RowId,
        old: &dyn AnyRow,
        now: &dyn AnyRow,
    ) -> Result<()> {
        if !same_cells(old, now, meta.primary_key) {
            return Err(key_changed(meta, old));
        }
        for is_deferred in [false, true] {
            self.check_unique(meta, now, Some((id, Some(old))), is_deferred)?;
        }
        for relation in meta.relations.iter().filter(|relation| !same_cells(old, now, relation.columns)) {
            let key = Cells::of(now, relation.columns);
            if !key.has_null() && self.locate((relation.target)(), &key).is_none() {
                return Err(dangling(meta, now, relation, &key));
            }
        }
        Ok(())
    }

    fn keep_edited(&mut self, kind: TableType, id: RowId, old: &dyn AnyRow, now: &dyn AnyRow) {
        self.has_written = true;
        let is_indexed = kind.meta.indexes.iter().any(|index| !same_cells(old, now, index.columns));
        if is_indexed && let Some(world) = self.base_mut() {
            world.table_mut(kind).move_entries(id, old, now);
        }
    }

    /// Runs an update statement leaf by leaf in the base; `None` where it needs the unit's work: to be undone, to move
    /// index entries, or to fill columns by itself.
    pub(super) fn update_in_place(
        &mut self,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Option<Written>> {
        if !self.is_direct || self.depth > 0 || !is_assignable(self.base().table(kind.meta), set) {
            return Ok(None);
        }
        let patch = Patch::plan(self.base(), kind, filter, set)?;
        let before = (!patch.always_fits()).then(|| patch.values_now(self.base()));
        let rows = patch.rows;
        let Some(world) = self.base_mut() else { return Ok(None) };
        let table = world.table_mut(kind);
        match before {
            None => patch.apply_to(table),
            Some(before) => assign_or_restore(&patch, before, table)?,
        }
        self.has_written |= rows > 0;
        Ok(Some(Written::counted(rows)))
    }
}

/// Copies the row into `aside`, in the memory that it has.
fn set_aside<'a>(aside: &'a mut Option<Arc<dyn AnyRow>>, row: &dyn AnyRow) -> &'a dyn AnyRow {
    let is_refilled = aside.as_mut().and_then(Arc::get_mut).is_some_and(|aside| aside.refill(row));
    if !is_refilled {
        *aside = Some(row.copy());
    }
    aside.as_deref().expect("invariant: the copy was just made")
}

/// Sets the columns of all rows, or of none.
fn assign_or_restore(patch: &Patch, before: Vec<Part>, table: &mut Table) -> Result<()> {
    let outcome =
        catch_unwind(AssertUnwindSafe(|| patch.parts.iter().try_for_each(|part| part.write(table, true))));
    if !matches!(outcome, Ok(Ok(()))) {
        for part in before {
            let _ = part.write(table, false);
        }
    }
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err((_, Refused::Unfit { column, value }))) => Err(unfit(patch.kind, column, &value)),
        Ok(Err((id, Refused::Check(message)))) => Err(match table.rows.row(id) {
            Some(row) => refused(patch.kind.meta, row, message),
            None => crate::Error::other(message),
        }),
        Err(panic) => resume_unwind(panic),
    }
}
