//! Write statements without their types: many rows, whole or not at all.
//!
//! Each runs in three steps. It finds its rows and computes all new values from the old ones; it writes; it checks what
//! only the whole can show (unique values that rows of the statement hand to each other). Where any step fails,
//! nothing is written.
use super::rows::UniqueChecks;
use super::unit::Unit;
use super::update::Draft;
use crate::eval::evaluate;
use crate::expr::Code;
use crate::link::Link;
use crate::model::AnyRow;
use crate::plan::{FrameBatch, Scan, arithmetic_error, resolve_code, resolve_filter};
use crate::table::{Block, RowId, TableType, count};
use crate::value::{Value, Vector};
use crate::world::{Budget, World};
use crate::{Error, Result};
use std::borrow::Cow;
use std::sync::Arc;

/// What a write statement has touched.
#[doc(hidden)]
pub struct Written {
    pub(super) rows: usize,
    /// Their places; empty where nobody asks for the rows.
    pub(super) ids: Vec<RowId>,
    /// The version before, for a delete.
    pub(super) before: Option<Link<World>>,
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

impl Unit {
    pub(super) fn insert_rows(&mut self, kind: TableType, rows: Vec<Arc<dyn AnyRow>>) -> Result<Written> {
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

    pub(super) fn update_where(
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
    pub(super) fn replace_rows(&mut self, kind: TableType, drafts: Vec<Draft>) -> Result<Written> {
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
    pub(super) fn planned_changes(
        &mut self,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Vec<Draft>> {
        let at = self.work_in(kind)?;
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
                changes.extend(self.draft_at(at, id));
            }
            assign(kind, &blocks, &set, &mut changes[start..])?;
        }
        Ok(changes)
    }

    pub(super) fn delete_where(&mut self, kind: TableType, filter: Option<&Code>) -> Result<Written> {
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
