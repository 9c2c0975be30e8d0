//! `Tally`: what can be counted and added up without looking at other rows.
//!
//! Integers below 2^64 are added and taken away in `i128`, which nothing loses: fewer than 2^63 of them fit. The sum of other
//! numbers depends on the order of its rows, so they are counted alone, and where there is one the rows are summed again.
use crate::eval::Accumulator;
use crate::expr::{AggregateTerm, Function};
use crate::value::{Cell, Value};

/// The values of one aggregate in one group.
#[derive(Clone, Default)]
pub(super) struct Tally {
    sum: i128,
    integers: u64,
    /// Values that are no such integers.
    others: u64,
}

impl Tally {
    /// Whether a tally of the values can tell the result of the function.
    pub(super) fn tells_of(function: Function) -> bool {
        match function {
            Function::CountOf | Function::Sum | Function::Avg => true,
            // `Count` is told by the number of rows
            Function::Count
            | Function::CountDistinct
            | Function::Min
            | Function::Max
            | Function::Stddev
            | Function::Variance
            | Function::Quantile(_)
            | Function::First
            | Function::Last => false,
        }
    }

    pub(super) fn add(&mut self, cell: &Cell<'_>) {
        match integer(cell) {
            _ if cell.is_null() => {}
            Some(value) => {
                self.sum = self.sum.wrapping_add(value);
                self.integers = self.integers.wrapping_add(1);
            }
            None => self.others = self.others.wrapping_add(1),
        }
    }

    /// Takes a value away that was added. Wraps where it was not, because a closure gave another one then.
    pub(super) fn remove(&mut self, cell: &Cell<'_>) {
        match integer(cell) {
            _ if cell.is_null() => {}
            Some(value) => {
                self.sum = self.sum.wrapping_sub(value);
                self.integers = self.integers.wrapping_sub(1);
            }
            None => self.others = self.others.wrapping_sub(1),
        }
    }

    /// The result of an aggregate over `rows` rows, as a run gives it; `None` where that has to look at them.
    pub(super) fn result(&self, term: &AggregateTerm, rows: usize) -> Option<Value> {
        match term.function {
            Function::Count => Some(Value::Wide(rows as i128)),
            Function::CountOf => Some(Value::Wide(i128::from(self.integers.wrapping_add(self.others)))),
            Function::Sum | Function::Avg if self.others == 0 => {
                Accumulator::of_integers(term.function, self.sum, self.integers).finish().ok()
            }
            _ => None,
        }
    }
}

/// An integer of 64 bits, with or without a sign.
fn integer(cell: &Cell<'_>) -> Option<i128> {
    match cell {
        Cell::Int(value) => Some(i128::from(*value)),
        Cell::Wide(value) | Cell::Other(Value::Wide(value))
            if value.unsigned_abs() <= u128::from(u64::MAX) =>
        {
            Some(*value)
        }
        _ => None,
    }
}
