//! The rows of a plain select, kept in the order of the result.
use crate::Result;
use crate::eval::evaluate;
use crate::expr::OrderTerm;
use crate::plan::{FrameBatch, Group, Scan, arithmetic_error};
use crate::query::Plan;
use crate::table::{Block, RowId, Table, changed_rows};
use crate::value::{Value, Vector};
use crate::world::World;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The rows that pass the filter of a plan in one version.
#[derive(Clone, Default)]
pub(super) struct KeptRows {
    rows: BTreeSet<Place>,
    /// The sort key of each row; empty where there is none.
    keys: HashMap<RowId, Arc<[Part]>>,
}

/// Where a row stands in the result. Rows with equal keys stand in row order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    key: Arc<[Part]>,
    id: RowId,
}

/// A part of a sort key.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    /// 0 before, 1 among, 2 after the rows that have a value.
    rank: u8,
    value: Value,
    descending: bool,
}

impl Part {
    fn new(value: Value, term: &OrderTerm) -> Self {
        let rank = match (&value, term.puts_nulls_first()) {
            (Value::Null, true) => 0,
            (Value::Null, false) => 2,
            _ => 1,
        };
        Self { rank, value, descending: term.descending }
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_value = self.value.cmp(&other.value);
        let by_value = if self.descending { by_value.reverse() } else { by_value };
        self.rank.cmp(&other.rank).then(by_value)
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl KeptRows {
    /// Reads all rows of a version.
    pub(super) fn of(plan: &Plan, table: Option<&Table>) -> Result<Self> {
        let mut kept = Self::default();
        let mut scan = Scan::new(table, plan.filter.as_ref());
        while let Some(blocks) = scan.next()? {
            kept.add(plan, &blocks)?;
        }
        Ok(kept)
    }

    /// Moves from one version of the table to another. After an error the rows mean nothing.
    pub(super) fn follow(&mut self, plan: &Plan, from: Option<&Table>, to: Option<&Table>) -> Result<()> {
        let changed = changed_rows(from, to);
        for row in &changed {
            self.remove(row.id);
        }
        let Some(table) = to else { return Ok(()) };
        let ids = changed.iter().filter(|row| row.new.is_some()).map(|row| row.id).collect();
        let mut scan = Scan::of_rows(table, ids, plan.filter.as_ref());
        while let Some(blocks) = scan.next()? {
            self.add(plan, &blocks)?;
        }
        Ok(())
    }

    fn remove(&mut self, id: RowId) {
        let key = self.keys.remove(&id).unwrap_or_else(|| Arc::new([]));
        self.rows.remove(&Place { key, id });
    }

    fn add(&mut self, plan: &Plan, blocks: &[Block<'_>]) -> Result<()> {
        let batch = FrameBatch::of_blocks(blocks);
        let keys: Vec<Vector<'_>> = plan.order.iter().map(|term| evaluate(&term.code, &batch)).collect();
        for (vector, term) in keys.iter().zip(&plan.order) {
            if let Some((lane, fault)) = vector.faults.first() {
                return Err(arithmetic_error(plan.table, &term.code, &batch, *lane, *fault));
            }
        }
        let ids = blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| id);
        for (lane, id) in ids.enumerate() {
            let part =
                |(vector, term): (&Vector<'_>, &OrderTerm)| Part::new(vector.cell(lane).to_value(), term);
            let key: Arc<[Part]> = keys.iter().zip(&plan.order).map(part).collect();
            if !key.is_empty() {
                self.keys.insert(id, key.clone());
            }
            self.rows.insert(Place { key, id });
        }
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
        let wanted = self.rows.iter().skip(plan.offset).take(plan.limit.unwrap_or(usize::MAX));
        let mut scan = Scan::of_rows(table, wanted.map(|place| place.id).collect(), None);
        while let Some(blocks) = scan.next()? {
            each(&Group { frame: blocks.into(), items: &plan.items })?;
        }
        Ok(())
    }
}
