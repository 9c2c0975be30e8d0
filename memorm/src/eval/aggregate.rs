//! Aggregates: what becomes of many values.
//!
//! All but `count`, `first` and `last` pass over absent values. NaN is greater than every number, and a sum or mean
//! with a NaN is NaN.
use super::arithmetic::integer;
use crate::expr::Function;
use crate::value::{Cell, Cells, Fault, Value, Vector};
use foldhash::fast::FixedState;
use hashbrown::HashSet;
use std::cmp::Ordering;

/// The state of one aggregate, fed with vectors or lane by lane, in row order.
#[derive(Clone, Debug)]
pub(crate) struct Accumulator {
    function: Function,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Count(u64),
    Distinct(HashSet<Value, FixedState>),
    Sum { total: Total, count: u64 },
    Moments(Moments),
    Floats(Vec<f64>),
    One(Option<Value>),
}

/// A sum, in the type of what is added.
#[derive(Clone, Copy, Debug)]
enum Total {
    Integer(i128),
    Float(f64),
    #[cfg(feature = "rust_decimal")]
    Decimal(rust_decimal::Decimal),
}

/// Mean and squared distances from it, without the cancellation of a sum of squares (Welford's method).
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Accumulator {
    /// The state before the first row.
    pub(crate) fn new(function: Function) -> Self {
        let state = match function {
            Function::Count | Function::CountOf => State::Count(0),
            Function::CountDistinct => State::Distinct(HashSet::default()),
            Function::Sum | Function::Avg => State::Sum { total: Total::Integer(0), count: 0 },
            Function::Stddev | Function::Variance => State::Moments(Moments::default()),
            Function::Quantile(_) => State::Floats(Vec::new()),
            Function::Min | Function::Max | Function::First | Function::Last => State::One(None),
        };
        Self { function, state }
    }

    /// The state of a sum or mean after so many integers.
    pub(crate) fn of_integers(function: Function, sum: i128, count: u64) -> Self {
        Self { function, state: State::Sum { total: Total::Integer(sum), count } }
    }

    /// The state of a sum or mean after so many floats.
    pub(super) fn of_floats(function: Function, sum: f64, count: u64) -> Self {
        Self { function, state: State::Sum { total: Total::Float(sum), count } }
    }

    /// Counts rows that are there, whatever they hold: all that `count()` needs.
    pub(crate) fn add_rows(&mut self, rows: usize) {
        if let (Function::Count, State::Count(count)) = (self.function, &mut self.state) {
            *count += rows as u64;
        }
    }

    /// Adds all lanes of a vector.
    ///
    /// # Errors
    /// The first lane that is at fault, or whose value makes the sum overflow.
    pub(crate) fn add_all(&mut self, vector: &Vector<'_>) -> Result<(), (u32, Fault)> {
        if vector.faults.is_empty() && vector.present.is_empty() && self.add_dense(&vector.cells) {
            return Ok(());
        }
        (0..vector.len()).try_for_each(|i| self.add(vector, i).map_err(|fault| (i as u32, fault)))
    }

    /// The common columns without a branch per lane. `false` where there is no such loop; then nothing was added.
    fn add_dense(&mut self, cells: &Cells<'_>) -> bool {
        match (&mut self.state, cells) {
            (State::Sum { total: Total::Integer(sum), count }, Cells::Ints(lanes)) => {
                // fewer than 2^64 values of 64 bits
                let Some(next) = sum.checked_add(lanes.iter().map(|i| i128::from(*i)).sum()) else {
                    return false;
                };
                *sum = next;
                *count += lanes.len() as u64;
                true
            }
            (State::Sum { total, count }, Cells::Floats(lanes)) => {
                // adding the first value to -0.0 gives the value
                let mut sum = match total {
                    Total::Float(sum) => *sum,
                    _ if *count == 0 => -0.0,
                    _ => return false,
                };
                lanes.iter().for_each(|value| sum += value);
                if !lanes.is_empty() {
                    *total = Total::Float(sum);
                    *count += lanes.len() as u64;
                }
                true
            }
            (State::Count(count), cells @ (Cells::Ints(_) | Cells::Floats(_) | Cells::Texts(_))) => {
                *count += lanes_of(cells) as u64;
                true
            }
            _ => false,
        }
    }

    /// Adds one lane of a vector.
    ///
    /// # Errors
    /// The lane's fault, or that the sum overflows.
    pub(crate) fn add(&mut self, vector: &Vector<'_>, lane: usize) -> Result<(), Fault> {
        if let Some(fault) = vector.fault(lane) {
            return Err(fault);
        }
        let cell = vector.cell(lane);
        if cell.is_null() && !matches!(self.function, Function::Count | Function::First | Function::Last) {
            return Ok(());
        }
        match &mut self.state {
            State::Count(count) => *count += 1,
            State::Distinct(seen) => drop(seen.insert(cell.to_value())),
            State::Sum { total, count } => {
                *total = match total.plus(&cell, *count == 0) {
                    // a mean is a float, however large the sum
                    Err(_) if self.function == Function::Avg => {
                        Total::Float(total.to_float() + to_float(&cell))
                    }
                    next => next?,
                };
                *count += 1;
            }
            State::Moments(moments) => moments.add(to_float(&cell)),
            State::Floats(values) => values.push(to_float(&cell)),
            State::One(kept) => {
                let replaces = match (self.function, &kept) {
                    (Function::Last, _) | (_, None) => true,
                    (Function::Min, Some(old)) => cell.cmp(&old.cell()) == Ordering::Less,
                    (Function::Max, Some(old)) => cell.cmp(&old.cell()) == Ordering::Greater,
                    _ => false,
                };
                if replaces {
                    *kept = Some(cell.to_value());
                }
            }
        }
        Ok(())
    }

    /// The result.
    ///
    /// # Errors
    /// A quantile outside of `0.0..=1.0`.
    pub(crate) fn finish(self) -> Result<Value, Fault> {
        match self.state {
            State::Floats(values) => quantile_of(self.function, values),
            State::One(kept) => Ok(kept.unwrap_or(Value::Null)),
            _ => self.result(),
        }
    }

    /// The result so far; more may be added. A quantile copies what it has seen.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub(crate) fn result(&self) -> Result<Value, Fault> {
        Ok(match &self.state {
            State::Count(count) => Value::Wide(i128::from(*count)),
            State::Distinct(seen) => Value::Wide(seen.len() as i128),
            State::Sum { count: 0, .. } => Value::Null,
            State::Sum { total, count } if self.function == Function::Avg => {
                Value::Float(total.to_float() / *count as f64)
            }
            State::Sum { total, .. } => total.value(),
            State::Moments(moments) => moments.result(self.function),
            State::Floats(values) => return quantile_of(self.function, values.clone()),
            State::One(kept) => kept.clone().unwrap_or(Value::Null),
        })
    }
}

fn lanes_of(cells: &Cells<'_>) -> usize {
    match cells {
        Cells::Ints(lanes) => lanes.len(),
        Cells::Floats(lanes) => lanes.len(),
        Cells::Texts(lanes) => lanes.len(),
        _ => 0,
    }
}

impl Total {
    /// The sum with one more value. The first value decides the type.
    fn plus(self, cell: &Cell<'_>, is_first: bool) -> Result<Self, Fault> {
        match (self, cell) {
            (_, Cell::Float(f)) if is_first => Ok(Self::Float(*f)),
            (Self::Float(sum), Cell::Float(f)) => Ok(Self::Float(sum + f)),
            #[cfg(feature = "rust_decimal")]
            (_, Cell::Other(Value::Decimal(d))) if is_first => Ok(Self::Decimal(*d)),
            #[cfg(feature = "rust_decimal")]
            (Self::Decimal(sum), Cell::Other(Value::Decimal(d))) => {
                sum.checked_add(*d).map(Self::Decimal).ok_or(Fault::OutOfRange)
            }
            (Self::Integer(sum), cell) => {
                integer(cell).and_then(|i| sum.checked_add(i)).map(Self::Integer).ok_or(Fault::OutOfRange)
            }
            _ => Err(Fault::OutOfRange),
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Integer(sum) => Value::Wide(sum),
            Self::Float(sum) => Value::Float(sum),
            #[cfg(feature = "rust_decimal")]
            Self::Decimal(sum) => Value::Decimal(sum),
        }
    }

    fn to_float(self) -> f64 {
        to_float(&self.value().cell())
    }
}

fn to_float(cell: &Cell<'_>) -> f64 {
    match cell {
        Cell::Float(f) => *f,
        Cell::Other(Value::Huge(i)) => *i as f64,
        #[cfg(feature = "rust_decimal")]
        Cell::Other(Value::Decimal(d)) => {
            use rust_decimal::prelude::ToPrimitive;
            d.to_f64().unwrap_or(f64::NAN)
        }
        other => integer(other).map_or(f64::NAN, |i| i as f64),
    }
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1;
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (value - self.mean);
    }

    fn result(self, function: Function) -> Value {
        if self.count < 2 {
            return Value::Null;
        }
        let variance = self.squares / (self.count - 1) as f64;
        Value::Float(if function == Function::Stddev { variance.sqrt() } else { variance })
    }
}

fn quantile_of(function: Function, values: Vec<f64>) -> Result<Value, Fault> {
    match function {
        Function::Quantile(q) if (0.0..=1.0).contains(&q) => Ok(quantile(values, q)),
        _ => Err(Fault::OutOfRange),
    }
}

/// The value at fraction `q` of the sorted values, interpolated between neighbours, as PostgreSQL's
/// `percentile_cont`.
fn quantile(mut values: Vec<f64>, q: f64) -> Value {
    let Some(last) = values.len().checked_sub(1) else { return Value::Null };
    let place = q * last as f64;
    let below = place.floor() as usize;
    let key = super::compare::float_key;
    let (_, low, above) = values.select_nth_unstable_by_key(below, |f| key(*f));
    let low = *low;
    let high = if place > below as f64 { above.iter().copied().min_by_key(|f| key(*f)) } else { None };
    Value::Float(match high {
        // the difference of two infinities would be NaN
        Some(high) if high != low => low + (high - low) * (place - below as f64),
        _ => low,
    })
}
