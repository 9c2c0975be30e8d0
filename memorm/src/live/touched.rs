//! `Touched`: groups that are being changed, and what of them is computed again.
//!
//! ```text
//!   rows that left, by their old values ─┐   number of the group
//!                                        ├─► its row ids, its tallies
//!   rows that came, by their new values ─┘        │
//!                                                 ▼
//!                    results: of the tallies ─► of the first and last rows ─► of a pass over the rows, where nothing else tells
//! ```
use super::groups::{KeptGroup, KeptGroups};
use super::look::has_one_look;
use super::order::{Place, places_of};
use super::tally::Tally;
use crate::eval::{Batch, Evaluator, Groups, States};
use crate::expr::{Function, Item};
use crate::plan::{FrameBatch, Scan};
use crate::query::{Grouping, Plan};
use crate::table::{RowId, Table};
use crate::value::{Value, Vector};
use std::collections::BTreeSet;

/// Whether rows leave their groups or come to them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Came,
}

/// Groups that are being changed, taken out of those that are kept.
pub(super) struct Touched<'p> {
    kept: KeptGroups,
    plan: &'p Plan,
    grouping: &'p Grouping,
    numbers: Groups,
    /// By the numbers of their keys.
    groups: Vec<KeptGroup>,
    /// The rows that came to each, by row id.
    came: Vec<Vec<Place>>,
}

/// A row, and the number of its group.
type Member = (RowId, u32);

/// What the tallies do not tell.
#[derive(Default)]
struct Untold {
    /// The groups of which some results are missing, by number.
    groups: Vec<usize>,
    /// The aggregates that are missing of some group.
    terms: BTreeSet<usize>,
}

impl<'p> Touched<'p> {
    /// No groups yet. The grouping is the plan's.
    pub(super) fn new(kept: KeptGroups, plan: &'p Plan, grouping: &'p Grouping) -> Self {
        let numbers = Groups::new(grouping.keys.len());
        Self { kept, plan, grouping, numbers, groups: Vec::new(), came: Vec::new() }
    }

    /// Takes rows out of their groups, or lets them come, in row order; rows leave before rows come. `None` where a row has
    /// no value, or is not where it should be.
    pub(super) fn move_rows(&mut self, mut scan: Scan<'_, '_>, side: Side) -> Option<()> {
        let Grouping { keys, terms } = self.grouping;
        let (mut numbers, mut places) = (Vec::new(), Vec::new());
        while let Some(blocks) = scan.next().ok()? {
            let batch = FrameBatch::of_blocks(&blocks);
            let mut evaluator = Evaluator::new(&batch);
            let keys = values(keys, &mut evaluator)?;
            self.numbers.number(&keys, batch.len(), &mut numbers);
            self.take_new();
            places_of(self.plan, &blocks, &mut places).ok()?;
            for (place, number) in places.drain(..).zip(&numbers) {
                let number = *number as usize;
                if side == Side::Came {
                    self.came[number].push(place);
                } else if !self.groups[number].rows.remove(&place) {
                    return None;
                }
            }
            for (at, term) in terms.iter().enumerate() {
                let Some(code) = &term.of else { continue };
                // what is read of the first or last row alone must have a value in every row
                if Tally::counts(term.function) || side == Side::Came && code.can_fail() {
                    evaluator.evaluate_with(code, |vector| {
                        self.tally(at, term.function, vector, &numbers, side)
                    })?;
                }
            }
        }
        Some(())
    }

    /// Takes the groups out whose keys were not seen before.
    fn take_new(&mut self) {
        for number in self.groups.len()..self.numbers.len() {
            let key = self.numbers.key(number);
            let group = self.kept.take(&key);
            self.groups
                .push(group.unwrap_or_else(|| KeptGroup::new(key.into(), self.plan, &self.grouping.terms)));
            self.came.push(Vec::new());
        }
    }

    fn tally(
        &mut self,
        at: usize,
        function: Function,
        vector: &Vector<'_>,
        numbers: &[u32],
        side: Side,
    ) -> Option<()> {
        if !vector.faults.is_empty() {
            return None;
        }
        for (lane, number) in numbers.iter().enumerate() {
            let tally = &mut self.groups[*number as usize].tallies[at];
            match side {
                Side::Left => tally.remove(function, &vector.cell(lane)),
                Side::Came => tally.add(function, &vector.cell(lane)),
            }
        }
        Some(())
    }

    /// Computes what has to be computed of the groups, and puts them back; `None` where there is no value.
    pub(super) fn settle(mut self, table: Option<&Table>) -> Option<KeptGroups> {
        // without a table all rows have left
        let Some(table) = table else { return Some(self.kept) };
        for (group, came) in self.groups.iter_mut().zip(std::mem::take(&mut self.came)) {
            let new = came.len();
            if group.rows.extend(came) < new {
                return None;
            }
        }
        self.read_keys(table)?;
        let untold = self.tell();
        self.read_ends(table)?;
        self.pass(table, &untold)?;
        self.groups.into_iter().for_each(|group| self.kept.put(group));
        Some(self.kept)
    }

    /// Reads the keys again that may look otherwise in another row of the group.
    fn read_keys(&mut self, table: &Table) -> Option<()> {
        let has_looks = |group: &KeptGroup| group.key.iter().any(|part| !has_one_look(&part.cell()));
        let firsts =
            self.one_of_each(|group| group.rows.first().filter(|_| has_looks(group)).map(|place| place.id));
        each_batch(table, firsts, |batch, numbers| {
            let keys = values(&self.grouping.keys, &mut Evaluator::new(batch))?;
            for (lane, number) in numbers.iter().enumerate() {
                self.groups[*number as usize].key =
                    keys.iter().map(|key| key.cell(lane).to_value()).collect();
            }
            Some(())
        })
    }

    /// Writes the results that the tallies tell.
    fn tell(&mut self) -> Untold {
        let terms = &self.grouping.terms;
        let mut untold = Untold::default();
        for (number, group) in self.groups.iter_mut().enumerate() {
            let rows = group.rows.len();
            let told =
                terms.iter().zip(&group.tallies).map(|(term, tally)| tally.result(term.function, rows));
            let told: Vec<Option<Value>> = told.collect();
            let missing = told.iter().enumerate().filter(|(_, result)| result.is_none());
            untold.terms.extend(missing.map(|(at, _)| at));
            if told.iter().any(Option::is_none) {
                untold.groups.push(number);
            }
            group.results = told.into_iter().map(Option::unwrap_or_default).collect();
        }
        untold
    }

    /// Reads the results that stand in the first or last row.
    fn read_ends(&mut self, table: &Table) -> Option<()> {
        for (at, term) in self.grouping.terms.iter().enumerate() {
            let ends = match term.function {
                Function::First => self.one_of_each(|group| group.rows.first().map(|place| place.id)),
                Function::Last => self.one_of_each(|group| group.rows.last()),
                _ => continue,
            };
            let code = term.of.as_ref()?;
            each_batch(table, ends, |batch, numbers| {
                Evaluator::new(batch).evaluate_with(code, |vector| {
                    for (lane, number) in numbers.iter().enumerate() {
                        self.groups[*number as usize].results[at] = vector.cell(lane).to_value();
                    }
                    vector.faults.is_empty().then_some(())
                })
            })?;
        }
        Some(())
    }

    /// Computes the results that the tallies do not tell, over the rows of each group in the order of the plan, as a run does.
    fn pass(&mut self, table: &Table, untold: &Untold) -> Option<()> {
        let (terms, count) = (&self.grouping.terms, self.groups.len());
        let (mut rows, mut ids) = (Vec::new(), Vec::new());
        for number in &untold.groups {
            ids.clear();
            self.groups[*number].rows.extend_into(&mut ids);
            rows.extend(ids.iter().map(|id| (*id, *number as u32)));
        }
        if self.plan.order.is_empty() {
            // each group's rows stay in order, and those of one leaf come together
            rows.sort_unstable();
        }
        let mut states: Vec<States> = untold.terms.iter().map(|at| States::new(&terms[*at])).collect();
        each_batch(table, rows, |batch, numbers| {
            let mut evaluator = Evaluator::new(batch);
            for (state, at) in states.iter_mut().zip(&untold.terms) {
                let code = terms[*at].of.as_ref()?;
                evaluator.evaluate_with(code, |vector| state.add(vector, numbers, count)).ok()?;
            }
            Some(())
        })?;
        for (state, at) in states.into_iter().zip(&untold.terms) {
            let results = state.finish(count).ok()?;
            for number in &untold.groups {
                let group = &mut self.groups[*number];
                group.results[*at] = results[*number].clone();
                group.tallies[*at].learn(&results[*number]);
            }
        }
        Some(())
    }

    /// A row of each group that has such a one.
    fn one_of_each(&self, row: impl Fn(&KeptGroup) -> Option<RowId>) -> Vec<Member> {
        self.groups.iter().zip(0..).filter_map(|(group, number)| Some((row(group)?, number))).collect()
    }
}

/// Hands rows to `each`, some at a time; `None` where one is not there, or `each` says so.
fn each_batch(
    table: &Table,
    rows: Vec<Member>,
    mut each: impl FnMut(&FrameBatch<'_, '_>, &[u32]) -> Option<()>,
) -> Option<()> {
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
