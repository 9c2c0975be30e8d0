//! Arithmetic, in the kind of the operands: a result that the kind cannot hold is a fault.
//!
//! Integer `/` truncates, `%` has the dividend's sign, `MIN % -1` is 0. Division by zero is a fault for floats as
//! well, unless the dividend is NaN; their overflow to infinity is none. `f32` rounds after each step.
use super::lanes::{Lanes, Marks, View, combine};
use crate::expr::Arithmetic;
use crate::value::{Cell, Cells, Fault, Kind, Value, Vector};

/// `left ? right`.
pub(super) fn binary<'a>(
    op: Arithmetic,
    kind: Kind,
    left: View<'_, 'a>,
    right: View<'_, 'a>,
    len: usize,
) -> Vector<'a> {
    let mut marks = Marks::strict(&[left, right], len);
    let range = kind.integer_range();
    if let (Some(a), Some(b), Some((low, high))) = (left.ints(), right.ints(), range)
        && kind.is_narrow_integer()
    {
        let limits = (low as i64, high as i64);
        let lanes = checked(a, b, len, &mut marks, |a, b| narrow(op, a, b, limits));
        return marks.vector(Cells::Ints(lanes));
    }
    if let (Some(a), Some(b), Some(limits)) = (left.wides(), right.wides(), range)
        && kind != Kind::U128
    {
        let lanes = checked(a, b, len, &mut marks, |a, b| wide(op, a, b, limits));
        return marks.vector(Cells::Wides(lanes));
    }
    if let (Some(a), Some(b), true) = (left.floats(), right.floats(), kind.is_float()) {
        let lanes = checked(a, b, len, &mut marks, |a, b| float(op, kind, a, b));
        return marks.vector(Cells::Floats(lanes));
    }
    dynamic(marks, len, |i| any(op, kind, left.cell(i), right.cell(i)))
}

/// `-value`, as `0 - value` is for integers.
pub(super) fn negate<'a>(kind: Kind, value: View<'_, 'a>, len: usize) -> Vector<'a> {
    unary(kind, value, len, |cell| match cell {
        Cell::Int(i) => i.checked_neg().map(Value::Int),
        Cell::Wide(i) => i.checked_neg().map(Value::Wide),
        Cell::Float(f) => Some(Value::Float(-f)),
        Cell::Other(Value::Wide(i)) => i.checked_neg().map(Value::Wide),
        #[cfg(feature = "rust_decimal")]
        Cell::Other(Value::Decimal(d)) => Some(Value::Decimal(-d)),
        _ => None,
    })
}

/// The absolute value.
pub(super) fn abs<'a>(kind: Kind, value: View<'_, 'a>, len: usize) -> Vector<'a> {
    unary(kind, value, len, |cell| match cell {
        Cell::Int(i) => i.checked_abs().map(Value::Int),
        Cell::Wide(i) => i.checked_abs().map(Value::Wide),
        Cell::Float(f) => Some(Value::Float(f.abs())),
        #[cfg(feature = "rust_decimal")]
        Cell::Other(Value::Decimal(d)) => Some(Value::Decimal(d.abs())),
        Cell::Other(unsigned @ (Value::Wide(_) | Value::Huge(_))) => Some(unsigned),
        _ => None,
    })
}

/// The nearest whole number: ties to even for floats, away from zero for decimals.
pub(super) fn round<'a>(kind: Kind, value: View<'_, 'a>, len: usize) -> Vector<'a> {
    unary(kind, value, len, |cell| match cell {
        Cell::Float(f) => Some(Value::Float(f.round_ties_even())),
        #[cfg(feature = "rust_decimal")]
        Cell::Other(Value::Decimal(d)) => {
            use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            Some(Value::Decimal(d.round_dp_with_strategy(0, MidpointAwayFromZero)))
        }
        integer => Some(integer.to_value()),
    })
}

/// Runs a checked operator over typed lanes and notes its faults.
#[inline]
fn checked<T: Copy + Default>(
    a: Lanes<'_, T>,
    b: Lanes<'_, T>,
    len: usize,
    marks: &mut Marks,
    f: impl Fn(T, T) -> Result<T, Fault>,
) -> Vec<T> {
    let mut faults = Vec::new();
    let mut lane = 0;
    let lanes = combine(a, b, len, |a, b| {
        let result = f(a, b).unwrap_or_else(|fault| {
            faults.push((lane, fault));
            T::default()
        });
        lane += 1;
        result
    });
    marks.add(faults);
    lanes
}

fn narrow(op: Arithmetic, a: i64, b: i64, (low, high): (i64, i64)) -> Result<i64, Fault> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div | Arithmetic::Rem if b == 0 => return Err(Fault::DivisionByZero),
        Arithmetic::Div => a.checked_div(b),
        Arithmetic::Rem => Some(a.wrapping_rem(b)),
    };
    result.filter(|r| (low..=high).contains(r)).ok_or(Fault::OutOfRange)
}

fn wide(op: Arithmetic, a: i128, b: i128, (low, high): (i128, i128)) -> Result<i128, Fault> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div | Arithmetic::Rem if b == 0 => return Err(Fault::DivisionByZero),
        Arithmetic::Div => a.checked_div(b),
        Arithmetic::Rem => Some(a.wrapping_rem(b)),
    };
    result.filter(|r| (low..=high).contains(r)).ok_or(Fault::OutOfRange)
}

fn huge(op: Arithmetic, a: u128, b: u128) -> Result<u128, Fault> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div | Arithmetic::Rem if b == 0 => return Err(Fault::DivisionByZero),
        Arithmetic::Div => a.checked_div(b),
        Arithmetic::Rem => a.checked_rem(b),
    };
    result.ok_or(Fault::OutOfRange)
}

fn float(op: Arithmetic, kind: Kind, a: f64, b: f64) -> Result<f64, Fault> {
    if matches!(op, Arithmetic::Div | Arithmetic::Rem) && b == 0.0 && !a.is_nan() {
        return Err(Fault::DivisionByZero);
    }
    let exact = match op {
        Arithmetic::Add => a + b,
        Arithmetic::Sub => a - b,
        Arithmetic::Mul => a * b,
        Arithmetic::Div => a / b,
        Arithmetic::Rem => a % b,
    };
    // an f64 has more than twice the digits of an f32, so that rounding twice is rounding once
    Ok(if kind == Kind::F32 { f64::from(exact as f32) } else { exact })
}

#[cfg(feature = "rust_decimal")]
fn decimal(
    op: Arithmetic,
    a: rust_decimal::Decimal,
    b: rust_decimal::Decimal,
) -> Result<rust_decimal::Decimal, Fault> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div | Arithmetic::Rem if b.is_zero() => return Err(Fault::DivisionByZero),
        Arithmetic::Div => a.checked_div(b),
        Arithmetic::Rem => a.checked_rem(b),
    };
    result.ok_or(Fault::OutOfRange)
}

/// One lane of any kind.
fn any(op: Arithmetic, kind: Kind, a: Cell<'_>, b: Cell<'_>) -> Result<Value, Fault> {
    let result = match (a, b) {
        #[cfg(feature = "rust_decimal")]
        (Cell::Other(Value::Decimal(a)), Cell::Other(Value::Decimal(b))) => {
            Value::Decimal(decimal(op, a, b)?)
        }
        (Cell::Float(a), Cell::Float(b)) => Value::Float(float(op, kind, a, b)?),
        (a, b) if kind == Kind::U128 => match (unsigned(&a), unsigned(&b)) {
            (Some(a), Some(b)) => {
                let result = huge(op, a, b)?;
                i128::try_from(result).map_or(Value::Huge(result), Value::Wide)
            }
            _ => return Err(Fault::OutOfRange),
        },
        (a, b) => match (integer(&a), integer(&b), kind.integer_range()) {
            (Some(a), Some(b), Some(limits)) => {
                let result = wide(op, a, b, limits)?;
                i64::try_from(result)
                    .ok()
                    .filter(|_| kind.is_narrow_integer())
                    .map_or(Value::Wide(result), Value::Int)
            }
            _ => return Err(Fault::OutOfRange),
        },
    };
    Ok(result)
}

pub(super) fn integer(cell: &Cell<'_>) -> Option<i128> {
    match cell {
        Cell::Int(i) => Some(i128::from(*i)),
        Cell::Wide(i) | Cell::Other(Value::Wide(i)) => Some(*i),
        _ => None,
    }
}

fn unsigned(cell: &Cell<'_>) -> Option<u128> {
    match cell {
        Cell::Other(Value::Huge(i)) => Some(*i),
        other => integer(other).and_then(|i| i.try_into().ok()),
    }
}

/// Runs a unary operator; `None` is a result that is out of range.
fn unary<'a>(
    kind: Kind,
    value: View<'_, 'a>,
    len: usize,
    f: impl Fn(Cell<'_>) -> Option<Value>,
) -> Vector<'a> {
    let marks = Marks::strict(&[value], len);
    dynamic(marks, len, |i| {
        let result = f(value.cell(i)).ok_or(Fault::OutOfRange)?;
        match (integer(&result.cell()), kind.integer_range()) {
            (Some(i), Some((low, high))) if !(low..=high).contains(&i) => Err(Fault::OutOfRange),
            _ => Ok(result),
        }
    })
}

/// Computes the lanes one by one as dynamic values.
fn dynamic<'a>(mut marks: Marks, len: usize, f: impl Fn(usize) -> Result<Value, Fault>) -> Vector<'a> {
    let mut faults = Vec::new();
    let values = (0..len).map(|i| {
        if !marks.is_wanted(i) {
            return Value::Null;
        }
        f(i).unwrap_or_else(|fault| {
            faults.push((i as u32, fault));
            Value::Null
        })
    });
    let values = values.collect();
    marks.add(faults);
    let cells = super::lanes::pack(values).cells;
    marks.vector(cells)
}
