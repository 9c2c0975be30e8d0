//! Groups: rows with equal keys, and the aggregates of each group.
use super::batch::FrameBatch;
use super::fold::for_each_batch;
use super::project::computed;
use super::run::Run;
use super::scan::arithmetic_error;
use crate::eval::{Batch, Evaluator, Groups, States};
use crate::expr::{AggregateTerm, Code, Item, MAX_SLOTS, RowReader};
use crate::query::{Grouping, Plan};
use crate::value::{Cells, Value, Vector};
use crate::{Error, Result};

/// The groups of a query, in the order in which their keys were first seen.
#[derive(Debug)]
#[doc(hidden)]
pub struct Grouped {
    /// The parts of the keys, a vector for each.
    keys: Vec<Vector<'static>>,
    /// The results, group by group.
    results: Vec<Value>,
    /// How many results a group has.
    terms: usize,
    groups: usize,
}

impl Grouped {
    /// So many groups: the parts of their keys, a list for each; and so many results of each group, group by group.
    pub(crate) fn new(keys: Vec<Vec<Value>>, results: Vec<Value>, terms: usize, groups: usize) -> Self {
        let vector = |values| Vector { cells: Cells::Values(values), ..Vector::default() };
        Self { keys: keys.into_iter().map(vector).collect(), results, terms, groups }
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.groups
    }

    /// Reads the key of a group; `None` where a type cannot hold it.
    pub(crate) fn key<K>(
        &self,
        items: &[Item],
        read: fn(&mut RowReader<'_>) -> Option<K>,
        group: usize,
    ) -> Option<K> {
        read(&mut RowReader::new(items, [None; MAX_SLOTS], &self.keys, group))
    }

    /// The results of a group, in the order of the aggregates.
    pub(crate) fn results(&self, group: usize) -> &[Value] {
        &self.results[group * self.terms..][..self.terms]
    }

    /// Key and results of a group in their dynamic form.
    pub(crate) fn values(&self, group: usize) -> Vec<Value> {
        let key = self.keys.iter().map(|part| part.cell(group).to_value());
        key.chain(self.results(group).iter().cloned()).collect()
    }
}

/// Groups the rows of `plan`, which `run` gives.
///
/// # Errors
/// `Arithmetic`: of the first row with a part that cannot be computed, or of a result that leaves its type.
pub(crate) fn group(run: Run<'_, '_>, plan: &Plan, grouping: &Grouping) -> Result<Grouped> {
    let Grouping { keys: items, terms } = grouping;
    let mut groups = Groups::new(items.len());
    let mut states: Vec<States> = terms.iter().map(States::new).collect();
    let mut numbers = Vec::new();
    let keys = items.iter().filter(|item| item.window.is_none()).map(|item| &item.code);
    let reads: Vec<&Code> = keys.chain(terms.iter().filter_map(|term| term.of.as_ref())).collect();
    for_each_batch(run, &reads, grouping, |batch, evaluator, grouping| {
        add(plan, batch, evaluator, grouping, &mut groups, &mut states, &mut numbers)
    })?;
    let count = groups.len();
    let finish = |(states, term): (States, &AggregateTerm)| {
        states.finish(count).map_err(|fault| Error::Arithmetic {
            table: plan.table.name,
            key: "as a whole".to_owned(),
            expression: term.to_string(),
            message: fault.message(),
        })
    };
    let columns: Vec<Vec<Value>> = states.into_iter().zip(terms).map(finish).collect::<Result<_>>()?;
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let mut results = Vec::with_capacity(count * terms.len());
    (0..count).for_each(|_| results.extend(columns.iter_mut().filter_map(Iterator::next)));
    Ok(Grouped::new(groups.into_keys(), results, terms.len(), count))
}

fn add<'a>(
    plan: &Plan,
    batch: &'a FrameBatch<'_, '_>,
    mut evaluator: Evaluator<'a>,
    Grouping { keys: items, terms }: &'a Grouping,
    groups: &mut Groups,
    states: &mut [States],
    numbers: &mut Vec<u32>,
) -> Result<()> {
    let rows = batch.len();
    let (keys, sound, failed) = computed(plan.table, items, batch, &mut evaluator, |_| true);
    groups.number(&keys, rows, numbers);
    let mut first = failed.map(|error| (sound as u32, error));
    for (state, term) in states.iter_mut().zip(terms) {
        let Some(code) = &term.of else {
            state.add_rows(numbers, groups.len());
            continue;
        };
        let groups = groups.len();
        if let Err((lane, fault)) = evaluator.evaluate_with(code, |vector| state.add(vector, numbers, groups))
            && first.as_ref().is_none_or(|(before, _)| lane < *before)
        {
            first = Some((lane, arithmetic_error(plan.table, code, batch, lane, fault)));
        }
    }
    first.map_or(Ok(()), |(_, error)| Err(error))
}
