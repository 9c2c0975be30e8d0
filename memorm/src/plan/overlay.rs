//! `Overlay`: what an index finds, with what a session has written on top.
//!
//! ```text
//!   found by the index     1   4   5   9         4 and 9 were written: what the base says of them does not count
//!   written                    4       9  12     of these 9 and 12 pass the filter
//!   rows of the query      1       5   9  12
//! ```
//!
//! A statement in the middle of a transaction so costs what it finds and what was written, and the write costs nothing: without
//! it, the next version is made by then, with a copied path for each row written.
use super::access::{Access, choose};
use super::scan::filter;
use super::way::Way;
use crate::model::AnyRow;
use crate::query::{Origin, Plan};
use crate::table::{Block, RowId, RowTree, Table};
use std::sync::Arc;

/// The rows of a statement over one table, found without the private version of a session.
pub(crate) struct Overlay {
    /// In row order.
    pub(super) ids: Vec<RowId>,
    pub(super) needs_filter: bool,
    pub(super) way: Way,
    /// Those of the rows that were written.
    written: RowTree,
    /// What was written, in row order, whether it passes or not.
    touched: Vec<RowId>,
}

/// Whether a plan can be run on an overlay: one table, in no other order than that of a sort. Whoever gives plans another part
/// has to decide about it here.
pub(crate) fn can_be_overlaid(plan: &Plan) -> bool {
    let Plan {
        table: _,
        origin,
        joins,
        filter,
        after,
        order: _,
        items: _,
        distinct: _,
        offset: _,
        limit: _,
        group: _,
        nesting: _,
    } = plan;
    matches!(origin, Origin::Table)
        && joins.is_empty()
        && after.is_none()
        && !plan.has_questions()
        && !filter.as_ref().is_some_and(|filter| filter.has_closures()) // it would be called twice for a row
}

impl Overlay {
    /// The rows of `plan` in `table` after these writes: row ids, and the row now. `None` where no index finds them.
    pub(crate) fn new(
        table: &Table,
        plan: &Plan,
        writes: &mut dyn Iterator<Item = (RowId, Option<&Arc<dyn AnyRow>>)>,
    ) -> Option<Self> {
        let Access { ids, needs_filter, way } = choose(table, plan.filter.as_ref());
        let (mut ids, condition) = (ids?, plan.filter.as_ref()?);
        let mut writes: Vec<_> = writes.collect();
        writes.sort_unstable_by_key(|(id, _)| *id);
        let touched: Vec<RowId> = writes.iter().map(|(id, _)| *id).collect();
        ids.retain(|id| touched.binary_search(id).is_err());

        // side by side, whatever their row ids are
        let now: Vec<_> = writes.iter().filter_map(|(id, now)| Some((*id, (*now)?))).collect();
        let mut dense = RowTree::default();
        dense.put_new(now.iter().enumerate().map(|(at, (_, row))| (at as u64, *row)), table.kind.new_leaf);
        // an index is only used for a filter that cannot fail
        let passing = filter(table.meta(), condition, dense.blocks().collect()).blocks;
        let passing = passing.iter().flat_map(|block| block.slots().map(|slot| block.first + slot as u64));
        let passing: Vec<_> = passing.map(|at| now[at as usize]).collect();
        let mut written = RowTree::default();
        written.put_new(passing.iter().copied(), table.kind.new_leaf);
        ids.extend(passing.iter().map(|(id, _)| *id));
        ids.sort_unstable();
        Some(Self { ids, needs_filter, way, written, touched })
    }

    /// These rows of the statement, each as a block of its own.
    pub(super) fn blocks<'w>(&'w self, table: &'w Table, ids: &[RowId]) -> Vec<Block<'w>> {
        let block = |id: &RowId| {
            let rows = if self.touched.binary_search(id).is_ok() { &self.written } else { &table.rows };
            rows.single(*id)
        };
        ids.iter().filter_map(block).collect()
    }
}
