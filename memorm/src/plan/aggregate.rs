//! Aggregates over all rows of a plan.
use super::batch::{BlockBatch, count};
use super::run::Run;
use super::scan::arithmetic_error;
use crate::eval::{Accumulator, Batch, Evaluator};
use crate::expr::{AggregateTerm, Code};
use crate::query::Plan;
use crate::table::Block;
use crate::value::{Fault, Value};
use crate::world::World;
use crate::{Error, Result};

/// The results of the terms over the rows of the plan, in the plan's order.
///
/// # Errors
/// `Arithmetic` of the first row where a term has no value, or where a sum leaves its type.
pub(crate) fn aggregate(world: &World, plan: &Plan, terms: &[AggregateTerm]) -> Result<Vec<Value>> {
    let mut results: Vec<Accumulator> = terms.iter().map(|term| Accumulator::new(term.function)).collect();
    let mut run = Run::new(world, plan, None)?;
    while let Some(group) = run.next()? {
        if count(&group.blocks) > 0 {
            add(plan, &group.blocks, terms, &mut results)?;
        }
    }
    let finished = results.into_iter().zip(terms).map(|(result, term)| {
        result.finish().map_err(|fault| Error::Arithmetic {
            table: plan.table.name,
            key: "(all rows)".to_owned(),
            expression: term.to_string(),
            message: fault.message(),
        })
    });
    finished.collect()
}

fn add(
    plan: &Plan,
    blocks: &[Block<'_>],
    terms: &[AggregateTerm],
    results: &mut [Accumulator],
) -> Result<()> {
    let batch = BlockBatch::new(blocks);
    let mut evaluator = Evaluator::new(&batch);
    let mut first: Option<(u32, Fault, &Code)> = None;
    for (result, term) in results.iter_mut().zip(terms) {
        let Some(code) = &term.of else {
            result.add_rows(batch.len());
            continue;
        };
        if let Err((lane, fault)) = result.add_all(&evaluator.evaluate(code))
            && first.is_none_or(|(earlier, ..)| lane < earlier)
        {
            first = Some((lane, fault, code));
        }
    }
    match first {
        Some((lane, fault, code)) => Err(arithmetic_error(plan.table, code, &batch, lane, fault)),
        None => Ok(()),
    }
}
