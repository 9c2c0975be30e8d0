//! What expressions mean, on rows without a table.
mod aggregate;
mod arithmetic;
mod case;
mod compare;
mod date;
mod deep;
#[cfg(feature = "json")]
mod json;
mod logic;
mod sort;
mod text;

use super::batch::Batch;
use super::truth::Answer;
use super::{evaluate, truth};
use crate::expr::{Expression, Predicate};
use crate::model::{AnyRow, Model};
use crate::value::{Fault, Value, Vector};

pub(super) use Answer::{False, True, Unknown};

/// Rows in a vector, as a batch.
pub(super) struct Rows<'r, M>(pub(super) &'r [M]);

impl<M: Model> Batch for Rows<'_, M> {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn gather<'a>(&'a self, _slot: u8, column: u16, out: &mut Vector<'a>) {
        // by sixteen, as the leaves of a table come
        for leaf in self.0.chunks(16) {
            M::gather(&leaf.iter().collect::<Vec<_>>(), column, out);
        }
    }
    fn is_after(&self, id: u64) -> Vec<bool> {
        (0..self.0.len() as u64).map(|place| place > id).collect()
    }
    fn row(&self, _slot: u8, lane: usize) -> Option<&dyn AnyRow> {
        Some(&self.0[lane])
    }
}

/// A condition's answer for each row.
pub(super) fn ask<M: Model>(condition: impl Predicate<Scope = M>, rows: &[M]) -> Vec<Answer> {
    let filter = condition.into_filter();
    let truth = truth(filter.inspect(), &Rows(rows));
    (0..rows.len()).map(|i| truth.answer(i)).collect()
}

/// The rows for which a condition is true, by position.
pub(super) fn found<M: Model>(condition: impl Predicate<Scope = M>, rows: &[M]) -> Vec<usize> {
    let answers = ask(condition, rows);
    (0..rows.len()).filter(|i| answers[*i] == True).collect()
}

/// An expression's value for each row.
pub(super) fn compute<M: Model>(
    expression: impl Expression<Scope = M>,
    rows: &[M],
) -> Vec<Result<Value, Fault>> {
    let code = expression.into_code();
    let batch = Rows(rows);
    let vector = evaluate(&code, &batch);
    let lane = |i| match vector.fault(i) {
        Some(fault) => Err(fault),
        None => Ok(vector.cell(i).to_value()),
    };
    (0..rows.len()).map(lane).collect()
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}
