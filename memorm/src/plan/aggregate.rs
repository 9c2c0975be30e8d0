//! Aggregates over all rows of a query, fed batch by batch.
use super::batch::FrameBatch;
use super::fold::for_each_batch;
use super::run::Run;
use super::scan::arithmetic_error;
use crate::eval::{Accumulator, Batch, Evaluator};
use crate::expr::{AggregateTerm, Code};
use crate::query::Plan;
use crate::value::Value;
use crate::{Error, Result};

/// Computes each term over the rows of `plan`, which `run` gives.
///
/// # Errors
/// `Arithmetic`: of the first row whose value cannot be computed, or of a result that leaves its type.
pub(crate) fn aggregate(run: Run<'_, '_>, plan: &Plan, terms: &[AggregateTerm]) -> Result<Vec<Value>> {
    let mut states: Vec<Accumulator> = terms.iter().map(|term| Accumulator::new(term.function)).collect();
    let reads: Vec<&Code> = terms.iter().filter_map(|term| term.of.as_ref()).collect();
    for_each_batch(run, &reads, terms, |batch, evaluator, terms| {
        add(plan, batch, evaluator, terms, &mut states)
    })?;
    let finish = |(state, term): (Accumulator, &AggregateTerm)| {
        state.finish().map_err(|fault| Error::Arithmetic {
            table: plan.table.name,
            key: "as a whole".to_owned(),
            expression: term.to_string(),
            message: fault.message(),
        })
    };
    states.into_iter().zip(terms).map(finish).collect()
}

fn add<'a>(
    plan: &Plan,
    batch: &FrameBatch<'_, '_>,
    mut evaluator: Evaluator<'a>,
    terms: &'a [AggregateTerm],
    states: &mut [Accumulator],
) -> Result<()> {
    let mut first: Option<(u32, Error)> = None;
    for (state, term) in states.iter_mut().zip(terms) {
        let Some(code) = &term.of else {
            state.add_rows(batch.len());
            continue;
        };
        if let Err((lane, fault)) = evaluator.evaluate_with(code, |vector| state.add_all(vector))
            && first.as_ref().is_none_or(|(before, _)| lane < *before)
        {
            first = Some((lane, arithmetic_error(plan.table, code, batch, lane, fault)));
        }
    }
    first.map_or(Ok(()), |(_, error)| Err(error))
}
