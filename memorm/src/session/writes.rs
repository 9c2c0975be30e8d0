//! Write statements: insert, update, delete, with or without `returning`.
//!
//! Each runs in three steps. It finds its rows and computes all new values from the old ones; it writes; it checks what
//! only the whole can show (unique values that rows of the statement hand to each other). Where any step fails,
//! nothing is written.
use super::rows::{Draft, UniqueChecks};
use super::source::Target;
use super::unit::Unit;
use crate::eval::evaluate;
use crate::expr::Code;
use crate::link::Link;
use crate::model::{AnyRow, Insertable, Model, NewRow};
use crate::plan::{FrameBatch, Scan, arithmetic_error, project, resolve_code, resolve_filter, resolve_items};
use crate::query::{Delete, Insert, Returning, Update};
use crate::table::{Block, RowId, TableType, count, table_type};
use crate::trace::Span;
use crate::value::{Value, Vector};
use crate::world::{Budget, World};
use crate::{Error, Result};
use std::borrow::Cow;
use std::sync::Arc;

/// A statement that changes rows: `insert`, `update`, `delete`.
pub trait Write {
    /// The model of its table.
    #[doc(hidden)]
    type Model: Model;

    /// Runs the statement and returns the places of the rows it touched, with the version in which they stand: the new
    /// one, for a delete the old one.
    #[doc(hidden)]
    fn run(&self, target: &mut super::Session) -> Result<Written>;
}

/// What a write statement has touched.
#[doc(hidden)]
pub struct Written {
    pub(super) rows: usize,
    /// Their places; empty where nobody asks for the rows.
    pub(super) ids: Vec<RowId>,
    /// The version before, for a delete.
    before: Option<Link<World>>,
}

impl Written {
    fn new(ids: Vec<RowId>, before: Option<Link<World>>) -> Self {
        Self { rows: ids.len(), ids, before }
    }

    pub(super) fn counted(rows: usize) -> Self {
        Self { rows, ids: Vec::new(), before: None }
    }
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<M: Model> Write for Insert<M> {
    type Model = M;

    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("insert", M::table().name);
        let _in_span = span.enter();
        target.unit.base(); // the first call chooses the version, also where it fails
        let kind = table_type::<M>();
        let mut rows: Vec<Arc<dyn AnyRow>> = Vec::with_capacity(self.rows.len() + 1);
        if !self.set.is_empty() || self.rows.is_empty() {
            let mut row = NewRow::new(kind.meta);
            self.set.iter().for_each(|(column, value)| row.set(*column, value.clone()));
            rows.push(Arc::new(M::build(&mut row)?));
        }
        rows.extend(self.rows.iter().map(|row| Arc::new(row.clone().into_model()) as Arc<dyn AnyRow>));
        target.unit.insert_rows(kind, rows)
    }
}

impl<M: Model> Write for Update<M> {
    type Model = M;

    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("update", M::table().name);
        let _in_span = span.enter();
        target.unit.update_where(table_type::<M>(), self.filter.as_ref(), &self.set)
    }
}

impl<M: Model> Write for Delete<M> {
    type Model = M;

    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("delete", M::table().name);
        let _in_span = span.enter();
        target.unit.delete_where(table_type::<M>(), self.filter.as_ref())
    }
}

impl Unit {
    fn insert_rows(&mut self, kind: TableType, rows: Vec<Arc<dyn AnyRow>>) -> Result<Written> {
        Budget::start(self.base(), kind.meta.name).check(rows.len(), size_of::<usize>())?;
        let ids = self.whole_or_nothing(|unit| {
            let mut ids = Vec::with_capacity(rows.len());
            for row in rows {
                ids.push(unit.add(kind, row, UniqueChecks::AtEnd)?.0);
            }
            unit.check_unique_rows(kind, &ids)?;
            Ok(ids)
        })?;
        Ok(Written::new(ids, None))
    }

    fn update_where(
        &mut self,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Written> {
        if let Some(written) = self.update_in_place(kind, filter, set)? {
            return Ok(written);
        }
        if let Some(written) = self.update_later(kind, filter, set)? {
            return Ok(written);
        }
        let changes = self.planned_changes(kind, filter, set)?;
        self.replace_rows(kind, changes)
    }

    /// Writes the new rows of a statement, then checks what only the whole can show.
    fn replace_rows(&mut self, kind: TableType, drafts: Vec<Draft>) -> Result<Written> {
        let ids: Vec<RowId> = drafts.iter().map(Draft::id).collect();
        self.whole_or_nothing(|unit| {
            for draft in drafts {
                unit.finish_update(draft, UniqueChecks::AtEnd)?;
            }
            unit.check_unique_rows(kind, &ids)
        })?;
        Ok(Written::new(ids, None))
    }

    /// The new rows of an update, all computed from the old ones.
    fn planned_changes(
        &mut self,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Vec<Draft>> {
        self.work_in(kind)?;
        let world = self.view().clone();
        let budget = Budget::start(&world, kind.meta.name);
        let filter = resolve_filter(&world, kind.meta, filter)?;
        let set = resolve_all(&world, set)?;
        let filter = filter.as_deref();
        let mut scan = Scan::new(world.table_where(kind.meta, filter), filter);
        let mut changes = Vec::new();
        while let Some(blocks) = scan.next()? {
            budget.check(changes.len() + count(&blocks), size_of::<Draft>())?;
            let start = changes.len();
            for (id, _) in blocks.iter().flat_map(|block| block.rows()) {
                changes.extend(self.draft(kind, id)?);
            }
            assign(kind, &blocks, &set, &mut changes[start..])?;
        }
        Ok(changes)
    }

    fn delete_where(&mut self, kind: TableType, filter: Option<&Code>) -> Result<Written> {
        let at = self.work_in(kind)?;
        let ids = matching(self.view(), kind, filter)?;
        let before = self.own_view().clone();
        self.delete_rows(at, &ids)?;
        Ok(Written::new(ids, Some(before)))
    }
}

/// The new values of an update with the questions in them answered.
pub(super) fn resolve_all<'c>(world: &World, set: &'c [(u16, Code)]) -> Result<Vec<(u16, Cow<'c, Code>)>> {
    set.iter().map(|(column, code)| Ok((*column, resolve_code(world, code)?))).collect()
}

/// The places of the rows that pass the filter.
fn matching(world: &World, kind: TableType, filter: Option<&Code>) -> Result<Vec<RowId>> {
    let budget = Budget::start(world, kind.meta.name);
    let filter = resolve_filter(world, kind.meta, filter)?;
    let filter = filter.as_deref();
    let mut scan = Scan::new(world.table_where(kind.meta, filter), filter);
    let mut ids = Vec::new();
    while let Some(blocks) = scan.next()? {
        ids.extend(blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| id));
        budget.check(ids.len(), size_of::<RowId>())?;
    }
    Ok(ids)
}

/// Computes the new values from the old rows and puts them into the copies.
fn assign(
    kind: TableType,
    blocks: &[Block<'_>],
    set: &[(u16, Cow<'_, Code>)],
    changes: &mut [Draft],
) -> Result<()> {
    let batch = FrameBatch::of_blocks(blocks);
    let computed = compute(kind, set, &batch)?;
    for ((column, _), values) in set.iter().zip(&computed) {
        for (lane, draft) in changes.iter_mut().enumerate() {
            let value = values.value(lane);
            if !draft.row_mut().put(*column, &value) {
                return Err(unfit(kind, *column, &value));
            }
        }
    }
    Ok(())
}

/// The new values of the columns that are set.
///
/// # Errors
/// `Arithmetic` of the first row.
pub(super) fn compute<'b>(
    kind: TableType,
    set: &'b [(u16, Cow<'_, Code>)],
    batch: &'b FrameBatch<'_, '_>,
) -> Result<Vec<Vector<'b>>> {
    let computed: Vec<_> = set.iter().map(|(_, code)| evaluate(code.as_ref(), batch)).collect();
    let faults =
        computed.iter().zip(set).filter_map(|(values, (_, code))| Some((values.faults.first()?, code)));
    match faults.min_by_key(|((lane, _), _)| *lane) {
        Some(((lane, fault), code)) => Err(arithmetic_error(kind.meta, code, batch, *lane, *fault)),
        None => Ok(computed),
    }
}

pub(super) fn unfit(kind: TableType, column: u16, value: &Value) -> Error {
    let meta = kind.meta.column(column);
    Error::InvalidValue {
        table: kind.meta.name,
        column: meta.name,
        value: value.to_string(),
        expected: meta.rust_type,
    }
}

macro_rules! terminals { ($($W:ident)*) => { $(impl<M: Model> $W<M> {
    /// Runs the statement, whole or not at all; returns how many rows it touched, cascades not counted.
    ///
    /// # Errors
    /// Those of the session's call for one row (`add`, `update`, `delete`); `MissingValue` of an insert; `Arithmetic` and
    /// `InvalidValue` of a filter or a new value.
    pub fn exec(&self, target: &mut impl Target) -> Result<usize> {
        Ok(target.write(|session| self.run(session))?.rows)
    }
})* } }
terminals! { Insert Update Delete }

impl<M: Model> Update<M> {
    /// Changes each row through a closure, after what `set` gives; returns how many rows it touched. Whole or not at all.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// let mut session = db.session();
    /// session.add_all([Item { id: 1, qty: -3 }, Item { id: 2, qty: 4 }])?;
    /// let mended = update::<Item>().filter(Item::QTY.lt(0)).apply(&mut session, |item| item.qty = item.qty.abs())?;
    /// assert_eq!(mended, 1);
    /// assert_eq!(session.get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Session::update`](super::Session::update).
    pub fn apply(&self, target: &mut impl Target, change: impl Fn(&mut M)) -> Result<usize> {
        let span = Span::statement("update", M::table().name);
        let _in_span = span.enter();
        target.write(|session| {
            let kind = table_type::<M>();
            let mut changes = session.unit.planned_changes(kind, self.filter.as_ref(), &self.set)?;
            for draft in &mut changes {
                change(super::handle::typed_row(draft.row_mut()));
            }
            Ok(session.unit.replace_rows(kind, changes)?.rows)
        })
    }
}

impl<W: Write, T> Returning<W, T> {
    /// Runs the statement and returns a projection of each row it touched, in row order: the new values; of a delete the
    /// old ones.
    ///
    /// # Errors
    /// As the statement's `exec`; what the projection cannot compute undoes the write.
    pub fn all(&self, target: &mut impl Target) -> Result<Vec<T>> {
        target.write(|session| self.all_in(session))
    }

    fn all_in(&self, session: &mut super::Session) -> Result<Vec<T>> {
        session.nested(|session| {
            let written = self.write.run(session)?;
            let world = written.before.unwrap_or_else(|| session.unit.own_view().clone());
            let Some(table) = world.table(W::Model::table()) else { return Ok(Vec::new()) };
            let items = resolve_items(&world, &self.items)?;
            let mut scan = Scan::of_rows(table, written.ids, None);
            let mut rows = Vec::new();
            while let Some(blocks) = scan.next()? {
                project(W::Model::table(), &items, &blocks.into(), self.read, &mut rows)?;
            }
            Ok(rows)
        })
    }

    /// Runs the statement and returns the projection of the only row it touched.
    ///
    /// # Errors
    /// `NoRow` and `TooManyRows`, which undo the write, and as [`all`](Self::all).
    pub fn one(&self, target: &mut impl Target) -> Result<T> {
        target.write(|session| {
            session.nested(|session| {
                let mut rows = self.all_in(session)?;
                match rows.len() {
                    1 => rows.pop().ok_or(Error::NoRow { table: W::Model::table().name }),
                    0 => Err(Error::NoRow { table: W::Model::table().name }),
                    _ => Err(Error::TooManyRows { table: W::Model::table().name }),
                }
            })
        })
    }
}
