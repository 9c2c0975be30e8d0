//! The rows of a plain select, kept in the order of the result.
use super::kept::costs_more;
use crate::Result;
use crate::eval::evaluate;
use crate::expr::OrderTerm;
use crate::index::Postings;
use crate::plan::{FrameBatch, Group, Scan, arithmetic_error};
use crate::query::Plan;
use crate::table::{Block, RowId, Table, changed_rows};
use crate::value::{Value, Vector};
use crate::world::World;
use im::{OrdMap, OrdSet};
use std::cmp::Ordering;
use std::sync::Arc;

/// The rows that pass the filter of a plan in one version. A clone copies pointers, and shares what is not changed since.
#[derive(Clone)]
pub(super) enum KeptRows {
    InRowOrder(Postings),
    Sorted {
        places: OrdSet<Place>,
        /// The sort key of each row: what its place was, whatever closures say of it now.
        keys: OrdMap<RowId, Arc<[Part]>>,
    },
}

/// Where a row stands in the result. Rows with equal keys stand in row order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    key: Arc<[Part]>,
    id: RowId,
}

/// A part of a sort key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Part {
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
        let mut kept = match plan.order.is_empty() {
            true => Self::InRowOrder(Postings::default()),
            false => Self::Sorted { places: OrdSet::new(), keys: OrdMap::new() },
        };
        kept.add(plan, Scan::new(table, plan.filter.as_ref()))?;
        Ok(kept)
    }

    /// Moves from one version of the table to another. After an error the rows mean nothing.
    pub(super) fn follow(&mut self, plan: &Plan, from: Option<&Table>, to: Option<&Table>) -> Result<()> {
        let changed = changed_rows(from, to);
        let rows_a_change = match self {
            Self::InRowOrder(_) => 8,
            // in both cases it is sorted
            Self::Sorted { .. } => 2,
        };
        if costs_more(changed.len(), rows_a_change, to) {
            *self = Self::of(plan, to)?;
            return Ok(());
        }
        for row in &changed {
            self.remove(row.id);
        }
        let Some(table) = to else { return Ok(()) };
        let ids = changed.iter().filter(|row| row.new.is_some()).map(|row| row.id).collect();
        self.add(plan, Scan::of_rows(table, ids, plan.filter.as_ref()))
    }

    fn remove(&mut self, id: RowId) {
        match self {
            Self::InRowOrder(rows) => drop(rows.remove(id)),
            Self::Sorted { places, keys } => {
                if let Some(key) = keys.remove(&id) {
                    places.remove(&Place { key, id });
                }
            }
        }
    }

    /// Adds rows, which come in row order.
    fn add(&mut self, plan: &Plan, mut scan: Scan<'_, '_>) -> Result<()> {
        match self {
            Self::InRowOrder(rows) => {
                while let Some(blocks) = scan.next()? {
                    rows.extend_sorted(&ids(&blocks).collect::<Vec<_>>());
                }
            }
            Self::Sorted { places, keys } => {
                let mut came = Vec::new();
                while let Some(blocks) = scan.next()? {
                    place(plan, &blocks, &mut came)?;
                }
                keys.extend(came.iter().map(|place| (place.id, place.key.clone())));
                // neighbours one after the other: what leads to them is in the cache
                came.sort_unstable();
                places.extend(came);
            }
        }
        Ok(())
    }

    /// How many rows the result has.
    pub(super) fn count(&self, plan: &Plan) -> usize {
        let rows = match self {
            Self::InRowOrder(rows) => rows.len(),
            Self::Sorted { places, .. } => places.len(),
        };
        rows.saturating_sub(plan.offset).min(plan.limit.unwrap_or(usize::MAX))
    }

    /// The rows of the result, in its order.
    fn wanted(&self, plan: &Plan) -> Vec<RowId> {
        let (offset, limit) = (plan.offset, plan.limit.unwrap_or(usize::MAX));
        match self {
            Self::InRowOrder(rows) => rows.iter().skip(offset).take(limit).collect(),
            Self::Sorted { places, .. } => {
                places.iter().skip(offset).take(limit).map(|place| place.id).collect()
            }
        }
    }

    /// Hands the rows of the result to `each`, some at a time.
    pub(super) fn read<'w>(
        &self,
        plan: &Plan,
        world: &'w World,
        mut each: impl FnMut(&Group<'w, '_>) -> Result<()>,
    ) -> Result<()> {
        let Some(table) = world.table(plan.table) else { return Ok(()) };
        let mut scan = Scan::of_rows(table, self.wanted(plan), None);
        while let Some(blocks) = scan.next()? {
            each(&Group { frame: blocks.into(), items: &plan.items })?;
        }
        Ok(())
    }
}

fn ids<'b>(blocks: &'b [Block<'_>]) -> impl Iterator<Item = RowId> + use<'b> {
    blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| id)
}

/// Computes where rows stand in the result.
///
/// # Errors
/// `Arithmetic` of a row that has no sort key.
fn place(plan: &Plan, blocks: &[Block<'_>], out: &mut Vec<Place>) -> Result<()> {
    let batch = FrameBatch::of_blocks(blocks);
    let keys: Vec<Vector<'_>> = plan.order.iter().map(|term| evaluate(&term.code, &batch)).collect();
    for (vector, term) in keys.iter().zip(&plan.order) {
        if let Some((lane, fault)) = vector.faults.first() {
            return Err(arithmetic_error(plan.table, &term.code, &batch, *lane, *fault));
        }
    }
    let part =
        |lane| move |(vector, term): (&Vector<'_>, &OrderTerm)| Part::new(vector.cell(lane).to_value(), term);
    let place = |(lane, id)| Place { key: keys.iter().zip(&plan.order).map(part(lane)).collect(), id };
    out.extend(ids(blocks).enumerate().map(place));
    Ok(())
}
