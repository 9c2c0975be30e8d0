//! Where rows stand in the order of a plan.
use crate::Result;
use crate::eval::evaluate;
use crate::expr::OrderTerm;
use crate::index::Postings;
use crate::link::OrdSet;
use crate::plan::{FrameBatch, arithmetic_error};
use crate::query::Plan;
use crate::table::{Block, RowId};
use crate::value::{Value, Vector};
use std::cmp::Ordering;
use std::sync::Arc;

/// Where a row stands in the order of a plan. Rows with equal keys stand in row order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// `None` where rows stand in row order.
    pub(super) key: Option<Arc<[Part]>>,
    pub(super) id: RowId,
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

/// Some rows, in the order of a plan. A clone copies a pointer.
#[derive(Clone)]
pub(super) enum Members {
    InRowOrder(Postings),
    Sorted(OrdSet<Place>),
}

impl Members {
    /// No rows of the plan.
    pub(super) fn new(plan: &Plan) -> Self {
        match plan.order.is_empty() {
            true => Self::InRowOrder(Postings::default()),
            false => Self::Sorted(OrdSet::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::InRowOrder(rows) => rows.len(),
            Self::Sorted(places) => places.len(),
        }
    }

    pub(super) fn first(&self) -> Option<Place> {
        match self {
            Self::InRowOrder(rows) => Some(Place { key: None, id: rows.iter().next()? }),
            Self::Sorted(places) => places.get_min().cloned(),
        }
    }

    pub(super) fn last(&self) -> Option<RowId> {
        match self {
            Self::InRowOrder(rows) => rows.last(),
            Self::Sorted(places) => Some(places.get_max()?.id),
        }
    }

    /// Adds rows, which come in row order; returns how many were new.
    pub(super) fn extend(&mut self, mut came: Vec<Place>) -> usize {
        match self {
            Self::InRowOrder(rows) => {
                rows.extend_sorted(&came.iter().map(|place| place.id).collect::<Vec<_>>())
            }
            Self::Sorted(places) => {
                let before = places.len();
                // neighbours one after the other: what leads to them is in the cache
                came.sort_unstable();
                places.extend(came);
                places.len() - before
            }
        }
    }

    /// Removes a row; false when it is not there.
    pub(super) fn remove(&mut self, place: &Place) -> bool {
        match self {
            Self::InRowOrder(rows) => rows.remove(place.id),
            Self::Sorted(places) => places.remove(place).is_some(),
        }
    }

    /// The rows behind the first `offset`, `limit` at the most.
    pub(super) fn part(&self, offset: usize, limit: usize) -> Vec<RowId> {
        match self {
            Self::InRowOrder(rows) => rows.iter().skip(offset).take(limit).collect(),
            Self::Sorted(places) => places.iter().skip(offset).take(limit).map(|place| place.id).collect(),
        }
    }

    /// Appends the rows to `out`, in order.
    pub(super) fn extend_into(&self, out: &mut Vec<RowId>) {
        match self {
            Self::InRowOrder(rows) => rows.extend_into(out),
            Self::Sorted(places) => out.extend(places.iter().map(|place| place.id)),
        }
    }
}

/// The rows of some blocks.
pub(super) fn ids<'b>(blocks: &'b [Block<'_>]) -> impl Iterator<Item = RowId> + use<'b> {
    blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| id)
}

/// Computes where rows stand in the order of a plan.
///
/// # Errors
/// `Arithmetic` of a row that has no sort key.
pub(super) fn places_of(plan: &Plan, blocks: &[Block<'_>], out: &mut Vec<Place>) -> Result<()> {
    if plan.order.is_empty() {
        out.extend(ids(blocks).map(|id| Place { key: None, id }));
        return Ok(());
    }
    let batch = FrameBatch::of_blocks(blocks);
    let keys: Vec<Vector<'_>> = plan.order.iter().map(|term| evaluate(&term.code, &batch)).collect();
    for (vector, term) in keys.iter().zip(&plan.order) {
        if let Some((lane, fault)) = vector.faults.first() {
            return Err(arithmetic_error(plan.table, &term.code, &batch, *lane, *fault));
        }
    }
    let part =
        |lane| move |(vector, term): (&Vector<'_>, &OrderTerm)| Part::new(vector.cell(lane).to_value(), term);
    let key = |lane| keys.iter().zip(&plan.order).map(part(lane)).collect();
    out.extend(ids(blocks).enumerate().map(|(lane, id)| Place { key: Some(key(lane)), id }));
    Ok(())
}
