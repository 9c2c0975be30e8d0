//! The groups of a query, kept in the order of the result.
//!
//! A group stands where its first row stands, so groups are kept by the places of their first rows. All of it is a version:
//! a clone copies pointers, and a change copies the groups that it touches.
//!
//! Must stay true: every result is bit for bit the one of a run. The key that a group shows is the one of its first row:
//! `0.0` and `-0.0` are one key.
use super::kept::costs_more;
use super::look::is_same;
use super::order::{Members, Place};
use super::tally::Tally;
use super::touched::{Side, Touched};
use crate::expr::{AggregateTerm, Step};
use crate::link::OrdMap;
use crate::model::AnyRow;
use crate::plan::{Grouped, Scan};
use crate::query::Plan;
use crate::table::{ChangedRow, Table, changed_rows};
use crate::value::Value;
use std::sync::Arc;

/// The groups of one version.
#[derive(Clone, Default)]
pub(super) struct KeptGroups {
    /// By the first row of each.
    groups: OrdMap<Place, Arc<KeptGroup>>,
    /// The first row of the group of each key.
    firsts: OrdMap<Arc<[Value]>, Place>,
}

/// One group.
#[derive(Clone)]
pub(super) struct KeptGroup {
    pub(super) key: Arc<[Value]>,
    pub(super) rows: Members,
    /// What is known of the values of each aggregate.
    pub(super) tallies: Vec<Tally>,
    /// The result of each aggregate.
    pub(super) results: Vec<Value>,
}

impl KeptGroups {
    /// Reads all rows of a version; `None` where the query has no value for one.
    pub(super) fn of(plan: &Plan, table: Option<&Table>) -> Option<Self> {
        let mut touched = Touched::new(Self::default(), plan, plan.group.as_ref()?);
        touched.move_rows(Scan::new(table, plan.filter.as_ref()), Side::Came)?;
        touched.settle(table)
    }

    /// Moves from one version of the table to another; `None` where the query has no value for a row.
    ///
    /// What left is found by what it was, so nothing has to be kept of a row but its id. A closure that does not give the
    /// same for the same row is noticed where a row is not in the group where it should be, and gives `None` too.
    pub(super) fn follow(self, plan: &Plan, from: Option<&Table>, to: Option<&Table>) -> Option<Self> {
        let mut changed = changed_rows(from, to);
        if let Some(columns) = columns(plan) {
            changed.retain(|row| !is_alike(row, &columns));
        }
        if costs_more(changed.len(), 8, to) {
            return Self::of(plan, to);
        }
        let left = changed.iter().filter(|row| row.old.is_some()).map(|row| row.id).collect();
        let came = changed.iter().filter(|row| row.new.is_some()).map(|row| row.id).collect();
        let mut touched = Touched::new(self, plan, plan.group.as_ref()?);
        for (table, ids, side) in [(from, left, Side::Left), (to, came, Side::Came)] {
            if let Some(table) = table {
                touched.move_rows(Scan::of_rows(table, ids, plan.filter.as_ref()), side)?;
            }
        }
        touched.settle(to)
    }

    /// The groups as a run gives them. O(groups).
    pub(super) fn grouped(&self, plan: &Plan) -> Grouped {
        let (parts, terms) =
            plan.group.as_ref().map_or((0, 0), |group| (group.keys.len(), group.terms.len()));
        let groups = self.groups.len();
        let mut keys: Vec<Vec<Value>> = (0..parts).map(|_| Vec::with_capacity(groups)).collect();
        let mut results = Vec::with_capacity(groups * terms);
        for group in self.groups.values() {
            keys.iter_mut().zip(&*group.key).for_each(|(column, value)| column.push(value.clone()));
            results.extend_from_slice(&group.results);
        }
        Grouped::new(keys, results, terms, groups)
    }

    /// Takes out the group of a key.
    pub(super) fn take(&mut self, key: &[Value]) -> Option<KeptGroup> {
        let first = self.firsts.remove(key)?;
        self.groups.remove(&first).map(Arc::unwrap_or_clone)
    }

    /// Puts a group where its first row is; one without rows is gone.
    pub(super) fn put(&mut self, group: KeptGroup) {
        let Some(first) = group.rows.first() else { return };
        self.firsts.insert(group.key.clone(), first.clone());
        self.groups.insert(first, Arc::new(group));
    }
}

impl KeptGroup {
    /// A group without rows.
    pub(super) fn new(key: Arc<[Value]>, plan: &Plan, terms: &[AggregateTerm]) -> Self {
        let tallies = terms.iter().map(|term| Tally::new(term.function)).collect();
        Self { key, rows: Members::new(plan), tallies, results: Vec::new() }
    }
}

/// The columns that a query reads; `None` where a closure sees whole rows.
fn columns(plan: &Plan) -> Option<Vec<u16>> {
    let mut columns = Vec::new();
    for step in plan.codes().flat_map(|code| code.steps()) {
        match step {
            Step::Column { column, .. } => columns.push(*column),
            Step::Test(..) => return None,
            _ => {}
        }
    }
    columns.sort_unstable();
    columns.dedup();
    Some(columns)
}

/// Whether a row looks in these columns as it did.
fn is_alike(row: &ChangedRow, columns: &[u16]) -> bool {
    let (Some(old), Some(new)) = (&row.old, &row.new) else { return false };
    let (old, new): (&dyn AnyRow, &dyn AnyRow) = (&**old, &**new);
    columns.iter().all(|column| is_same(&old.cell(*column), &new.cell(*column)))
}
