//! The rows of a plain select, kept in the order of the result.
use super::kept::costs_more;
use super::order::{Members, Part, Place, ids, places_of};
use crate::Result;
use crate::link::OrdMap;
use crate::plan::{Group, Scan};
use crate::query::Plan;
use crate::table::{RowId, Table, changed_rows};
use crate::world::World;
use std::sync::Arc;

/// The rows that pass the filter of a plan in one version. A clone copies pointers, and shares what is not changed since.
#[derive(Clone)]
pub(super) struct KeptRows {
    rows: Members,
    /// The sort key of each row, what its place was, whatever closures say of it now; none of rows in row order.
    keys: OrdMap<RowId, Arc<[Part]>>,
}

impl KeptRows {
    /// Reads all rows of a version.
    pub(super) fn of(plan: &Plan, table: Option<&Table>) -> Result<Self> {
        let mut kept = Self { rows: Members::new(plan), keys: OrdMap::new() };
        kept.add(plan, Scan::new(table, plan.filter.as_ref()))?;
        Ok(kept)
    }

    /// Moves from one version of the table to another. After an error the rows mean nothing.
    pub(super) fn follow(&mut self, plan: &Plan, from: Option<&Table>, to: Option<&Table>) -> Result<()> {
        let changed = changed_rows(from, to);
        // in both cases sorted rows are sorted
        let rows_a_change = if plan.order.is_empty() { 8 } else { 2 };
        if costs_more(changed.len(), rows_a_change, to) {
            *self = Self::of(plan, to)?;
            return Ok(());
        }
        for row in &changed {
            self.rows.remove(&Place { key: self.keys.remove(&row.id), id: row.id });
        }
        let Some(table) = to else { return Ok(()) };
        let ids = changed.iter().filter(|row| row.new.is_some()).map(|row| row.id).collect();
        self.add(plan, Scan::of_rows(table, ids, plan.filter.as_ref()))
    }

    /// Adds rows, which come in row order.
    fn add(&mut self, plan: &Plan, mut scan: Scan<'_, '_>) -> Result<()> {
        let mut came = Vec::new();
        while let Some(blocks) = scan.next()? {
            match &mut self.rows {
                Members::InRowOrder(rows) => drop(rows.extend_sorted(&ids(&blocks).collect::<Vec<_>>())),
                Members::Sorted(_) => places_of(plan, &blocks, &mut came)?,
            }
        }
        self.keys.extend(came.iter().filter_map(|place| Some((place.id, place.key.clone()?))));
        self.rows.extend(came);
        Ok(())
    }

    /// How many rows the result has.
    pub(super) fn count(&self, plan: &Plan) -> usize {
        self.rows.len().saturating_sub(plan.offset).min(plan.limit.unwrap_or(usize::MAX))
    }

    /// Hands the rows of the result to `each`, some at a time.
    pub(super) fn read<'w>(
        &self,
        plan: &Plan,
        world: &'w World,
        mut each: impl FnMut(&Group<'w, '_>) -> Result<()>,
    ) -> Result<()> {
        let Some(table) = world.table(plan.table) else { return Ok(()) };
        let wanted = self.rows.part(plan.offset, plan.limit.unwrap_or(usize::MAX));
        let mut scan = Scan::of_rows(table, wanted, None);
        while let Some(blocks) = scan.next()? {
            each(&Group { frame: blocks.into(), items: &plan.items })?;
        }
        Ok(())
    }
}
