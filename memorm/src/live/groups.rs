//! The groups of a query, kept in the order of the result.
//!
//! ```text
//!   rows that left, by their old values ─┐   number of the group
//!                                        ├─► its row ids, its tallies
//!   rows that came, by their new values ─┘        │
//!                                                 ▼
//!   touched groups alone: results of tallies; one pass over their rows where a tally does not tell
//! ```
//!
//! A group stands where its first row stands, so groups are kept by the ids of their first rows. All of it is a version:
//! a clone copies pointers, and a change copies the groups that it touches.
//!
//! Must stay true: every result is bit for bit the one of a run. The key that a group shows is the one of its first row:
//! `0.0` and `-0.0` are one key.
use super::tally::Tally;
use crate::eval::{Batch, Evaluator, Groups, States};
use crate::expr::Item;
use crate::index::Postings;
use crate::plan::{FrameBatch, Grouped, Scan};
use crate::query::{Grouping, Plan};
use crate::table::{RowId, Table, changed_rows};
use crate::value::{Value, Vector};
use im::OrdMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The groups of one version.
#[derive(Clone, Default)]
pub(super) struct KeptGroups {
    /// By the first row of each.
    groups: OrdMap<RowId, Arc<KeptGroup>>,
    /// The first row of the group of each key.
    firsts: OrdMap<Arc<[Value]>, RowId>,
}

/// One group.
#[derive(Clone)]
struct KeptGroup {
    key: Arc<[Value]>,
    rows: Postings,
    /// What is counted and added up for each aggregate.
    tallies: Vec<Tally>,
    /// The result of each aggregate.
    results: Vec<Value>,
}

impl KeptGroups {
    /// Reads all rows of a version; `None` where the query has no value for one.
    pub(super) fn of(plan: &Plan, table: Option<&Table>) -> Option<Self> {
        let grouping = plan.group.as_ref()?;
        let mut touched = Touched::new(Self::default(), grouping);
        touched.move_rows(Scan::new(table, plan.filter.as_ref()), Side::Came)?;
        touched.settle(table)
    }

    /// Moves from one version of the table to another; `None` where the query has no value for a row.
    ///
    /// What left is found by what it was, so nothing has to be kept of a row but its id. A closure that does not give the
    /// same for the same row is noticed where a row is not in the group where it should be, and gives `None` too.
    pub(super) fn follow(self, plan: &Plan, from: Option<&Table>, to: Option<&Table>) -> Option<Self> {
        let grouping = plan.group.as_ref()?;
        let changed = changed_rows(from, to);
        let left = changed.iter().filter(|row| row.old.is_some()).map(|row| row.id).collect();
        let came = changed.iter().filter(|row| row.new.is_some()).map(|row| row.id).collect();
        let mut touched = Touched::new(self, grouping);
        for (table, ids, side) in [(from, left, Side::Left), (to, came, Side::Came)] {
            if let Some(table) = table {
                touched.move_rows(Scan::of_rows(table, ids, plan.filter.as_ref()), side)?;
            }
        }
        touched.settle(to)
    }

    /// The groups as a run gives them. O(groups).
    pub(super) fn grouped(&self, plan: &Plan) -> Grouped {
        let columns = |columns| (0..columns).map(|_| Vec::with_capacity(self.groups.len())).collect();
        let grouping = plan.group.as_ref();
        let mut keys: Vec<Vec<Value>> = columns(grouping.map_or(0, |grouping| grouping.keys.len()));
        let mut results: Vec<Vec<Value>> = columns(grouping.map_or(0, |grouping| grouping.terms.len()));
        for group in self.groups.values() {
            keys.iter_mut().zip(&*group.key).for_each(|(column, value)| column.push(value.clone()));
            results.iter_mut().zip(&group.results).for_each(|(column, value)| column.push(value.clone()));
        }
        Grouped::new(keys, results, self.groups.len())
    }

    /// Takes out the group of a key.
    fn take(&mut self, key: &[Value]) -> Option<KeptGroup> {
        let first = self.firsts.remove(key)?;
        self.groups.remove(&first).map(Arc::unwrap_or_clone)
    }

    /// Puts a group where its first row is; one without rows is gone.
    fn put(&mut self, group: KeptGroup) {
        let Some(first) = group.rows.iter().next() else { return };
        self.firsts.insert(group.key.clone(), first);
        self.groups.insert(first, Arc::new(group));
    }
}

/// Whether rows leave their groups or come to them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Came,
}

/// Groups that are being changed, taken out of those that are kept.
struct Touched<'p> {
    kept: KeptGroups,
    grouping: &'p Grouping,
    numbers: Groups,
    /// By the numbers of their keys.
    groups: Vec<KeptGroup>,
}

impl<'p> Touched<'p> {
    fn new(kept: KeptGroups, grouping: &'p Grouping) -> Self {
        Self { kept, grouping, numbers: Groups::new(grouping.keys.len()), groups: Vec::new() }
    }

    /// Takes rows out of their groups or puts them in; `None` where a row has no key, or is not where it should be.
    fn move_rows(&mut self, mut scan: Scan<'_, '_>, side: Side) -> Option<()> {
        let mut numbers = Vec::new();
        while let Some(blocks) = scan.next().ok()? {
            let batch = FrameBatch::of_blocks(&blocks);
            let mut evaluator = Evaluator::new(&batch);
            let keys = values(&self.grouping.keys, &mut evaluator)?;
            self.numbers.number(&keys, batch.len(), &mut numbers);
            self.take_new();
            let ids = blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| id);
            for (id, number) in ids.zip(&numbers) {
                let rows = &mut self.groups[*number as usize].rows;
                let is_moved = if side == Side::Left { rows.remove(id) } else { rows.insert(id) };
                if !is_moved {
                    return None;
                }
            }
            for (at, term) in self.grouping.terms.iter().enumerate() {
                if let Some(code) = term.of.as_ref().filter(|_| Tally::tells_of(term.function)) {
                    evaluator.evaluate_with(code, |vector| self.tally(at, vector, &numbers, side))?;
                }
            }
        }
        Some(())
    }

    /// Takes the groups out whose keys were not seen before.
    fn take_new(&mut self) {
        for number in self.groups.len()..self.numbers.len() {
            let key = self.numbers.key(number);
            let group = self.kept.take(&key).unwrap_or_else(|| {
                let terms = self.grouping.terms.len();
                KeptGroup {
                    key: key.into(),
                    rows: Postings::default(),
                    tallies: vec![Tally::default(); terms],
                    results: Vec::new(),
                }
            });
            self.groups.push(group);
        }
    }

    fn tally(&mut self, at: usize, vector: &Vector<'_>, numbers: &[u32], side: Side) -> Option<()> {
        if !vector.faults.is_empty() {
            return None;
        }
        for (lane, number) in numbers.iter().enumerate() {
            let tally = &mut self.groups[*number as usize].tallies[at];
            let cell = vector.cell(lane);
            if side == Side::Left { tally.remove(&cell) } else { tally.add(&cell) }
        }
        Some(())
    }

    /// Computes what has to be computed of the groups, and puts them back; `None` where there is no value.
    fn settle(mut self, table: Option<&Table>) -> Option<KeptGroups> {
        // without a table all rows have left
        let Some(table) = table else { return Some(self.kept) };
        self.read_keys(table)?;
        self.compute(table)?;
        self.groups.into_iter().for_each(|group| self.kept.put(group));
        Some(self.kept)
    }

    /// Reads the keys again that may look otherwise in another row of the group.
    fn read_keys(&mut self, table: &Table) -> Option<()> {
        let shown = |(number, group): (usize, &KeptGroup)| {
            let first = group.rows.iter().next().filter(|_| !group.key.iter().all(has_one_look))?;
            Some((first, number as u32))
        };
        let rows = self.groups.iter().enumerate().filter_map(shown).collect();
        each_batch(table, rows, |batch, numbers| {
            let keys = values(&self.grouping.keys, &mut Evaluator::new(batch))?;
            for (lane, number) in numbers.iter().enumerate() {
                self.groups[*number as usize].key =
                    keys.iter().map(|key| key.cell(lane).to_value()).collect();
            }
            Some(())
        })
    }

    /// Computes the results: from the tallies where they tell, else by a pass over the rows of the group.
    fn compute(&mut self, table: &Table) -> Option<()> {
        let terms = &self.grouping.terms;
        let mut rows = Vec::new();
        let mut passed: Vec<(usize, States)> = Vec::new();
        for (number, group) in self.groups.iter_mut().enumerate() {
            let counted = group.rows.len();
            let results = terms.iter().zip(&group.tallies).map(|(term, tally)| tally.result(term, counted));
            let results: Vec<Option<Value>> = results.collect();
            if results.iter().any(Option::is_none) {
                rows.extend(group.rows.iter().map(|id| (id, number as u32)));
            }
            for (at, _) in results.iter().enumerate().filter(|(_, result)| result.is_none()) {
                if passed.iter().all(|(other, _)| *other != at) {
                    passed.push((at, States::new(&terms[at])));
                }
            }
            group.results = results.into_iter().map(Option::unwrap_or_default).collect();
        }
        let numbers: BTreeSet<u32> = rows.iter().map(|(_, number)| *number).collect();
        let groups = self.groups.len();
        each_batch(table, rows, |batch, numbers| {
            let mut evaluator = Evaluator::new(batch);
            passed.iter_mut().try_for_each(|(at, state)| {
                let code = terms[*at].of.as_ref()?;
                evaluator.evaluate_with(code, |vector| state.add(vector, numbers, groups)).ok()
            })
        })?;
        for (at, state) in passed {
            let results = state.finish(groups).ok()?;
            for number in &numbers {
                self.groups[*number as usize].results[at] = results[*number as usize].clone();
            }
        }
        Some(())
    }
}

/// Hands rows, each with the number of its group, to `each`, in row order; `None` where one is not there, or `each` says so.
fn each_batch(
    table: &Table,
    mut rows: Vec<(RowId, u32)>,
    mut each: impl FnMut(&FrameBatch<'_, '_>, &[u32]) -> Option<()>,
) -> Option<()> {
    rows.sort_unstable();
    let (ids, numbers): (Vec<RowId>, Vec<u32>) = rows.into_iter().unzip();
    if ids.iter().any(|id| table.rows.row(*id).is_none()) {
        return None;
    }
    let mut numbers = &*numbers;
    let mut scan = Scan::of_rows(table, ids, None);
    while let Some(blocks) = scan.next().ok()? {
        let batch = FrameBatch::of_blocks(&blocks);
        let (of_batch, rest) = numbers.split_at_checked(batch.len())?;
        each(&batch, of_batch)?;
        numbers = rest;
    }
    Some(())
}

/// The values of some items; `None` where a row has none.
fn values<'a>(items: &'a [Item], evaluator: &mut Evaluator<'a>) -> Option<Vec<Vector<'a>>> {
    let vectors: Vec<Vector<'a>> = items.iter().map(|item| evaluator.evaluate(&item.code)).collect();
    vectors.iter().all(|vector| vector.faults.is_empty()).then_some(vectors)
}

/// Whether all values that are equal to this one look like it.
fn has_one_look(value: &Value) -> bool {
    match value {
        Value::Float(_) => false,
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(_) => false,
        #[cfg(feature = "json")]
        Value::Json(_) => false,
        _ => true,
    }
}
