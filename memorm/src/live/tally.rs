//! `Tally`: what is known of the values of one aggregate in one group without looking at its rows again.
//!
//! ```text
//!   sum avg            integers below 2^64, in `i128`: nothing is lost, and fewer than 2^63 of them fit
//!   count_of           how many values
//!   count_distinct     how often each value
//!   min max            the value, until it leaves
//!   all else           nothing: a pass over the rows, in row order
//! ```
//!
//! The sum of floats or decimals depends on the order of its rows: where there is one, the rows are summed again.
use super::look::is_same;
use crate::eval::Accumulator;
use crate::expr::Function;
use crate::link::OrdMap;
use crate::value::{Cell, Value};
use std::cmp::Ordering;

/// The values of one aggregate in one group.
#[derive(Clone)]
pub(super) enum Tally {
    /// The rows tell: how many there are, or what stands in the first or the last one.
    Rows,
    Numbers {
        sum: i128,
        integers: u64,
        /// Values that are no such integers.
        others: u64,
    },
    Distinct(OrdMap<Value, u64>),
    /// `Null` for no value; `None` where the last one may have left.
    Extreme(Option<Value>),
    Unknown,
}

impl Tally {
    /// The tally of no rows.
    pub(super) fn new(function: Function) -> Self {
        match function {
            Function::Count | Function::First | Function::Last => Self::Rows,
            Function::CountOf | Function::Sum | Function::Avg => {
                Self::Numbers { sum: 0, integers: 0, others: 0 }
            }
            Function::CountDistinct => Self::Distinct(OrdMap::new()),
            Function::Min | Function::Max => Self::Extreme(Some(Value::Null)),
            Function::Stddev | Function::Variance | Function::Quantile(_) => Self::Unknown,
        }
    }

    /// Whether the values of rows that come and leave are to be told.
    pub(super) fn counts(function: Function) -> bool {
        !matches!(Self::new(function), Self::Rows | Self::Unknown)
    }

    pub(super) fn add(&mut self, function: Function, cell: &Cell<'_>) {
        if cell.is_null() {
            return;
        }
        match self {
            Self::Numbers { sum, integers, others } => match integer(cell) {
                Some(value) => (*sum, *integers) = (sum.wrapping_add(value), integers.wrapping_add(1)),
                None => *others = others.wrapping_add(1),
            },
            Self::Distinct(values) => *values.entry(cell.to_value()).or_insert(0) += 1,
            Self::Extreme(known) => match known {
                Some(best) if best.is_null() => *best = cell.to_value(),
                Some(best) => match compare(function, cell, best) {
                    Ordering::Less => *best = cell.to_value(),
                    // of equal values the one that comes first in row order is shown
                    Ordering::Equal if !is_same(cell, &best.cell()) => *known = None,
                    _ => {}
                },
                None => {}
            },
            Self::Rows | Self::Unknown => {}
        }
    }

    /// Takes a value away that was added. Where it was not, because a closure gave another one, the tally means nothing.
    pub(super) fn remove(&mut self, function: Function, cell: &Cell<'_>) {
        if cell.is_null() {
            return;
        }
        match self {
            Self::Numbers { sum, integers, others } => match integer(cell) {
                Some(value) => (*sum, *integers) = (sum.wrapping_sub(value), integers.wrapping_sub(1)),
                None => *others = others.wrapping_sub(1),
            },
            Self::Distinct(values) => {
                let value = cell.to_value();
                match values.get_mut(&value) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => drop(values.remove(&value)),
                }
            }
            Self::Extreme(known) => {
                known.take_if(|best| compare(function, cell, best).is_le());
            }
            Self::Rows | Self::Unknown => {}
        }
    }

    /// The result over `rows` rows, as a run gives it; `None` where a pass over them has to find it.
    pub(super) fn result(&self, function: Function, rows: usize) -> Option<Value> {
        match self {
            Self::Rows => Some(Value::Wide(rows as i128)),
            Self::Numbers { integers, others, .. } if function == Function::CountOf => {
                Some(Value::Wide(i128::from(integers.wrapping_add(*others))))
            }
            Self::Numbers { sum, integers, others: 0 } => {
                Accumulator::of_integers(function, *sum, *integers).finish().ok()
            }
            Self::Distinct(values) => Some(Value::Wide(values.len() as i128)),
            Self::Extreme(known) => known.clone(),
            Self::Numbers { .. } | Self::Unknown => None,
        }
    }

    /// Takes over what a pass has found.
    pub(super) fn learn(&mut self, result: &Value) {
        if let Self::Extreme(known) = self {
            *known = Some(result.clone());
        }
    }
}

/// Whether a value comes before the best so far.
fn compare(function: Function, cell: &Cell<'_>, best: &Value) -> Ordering {
    let order = cell.cmp(&best.cell());
    if function == Function::Max { order.reverse() } else { order }
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
