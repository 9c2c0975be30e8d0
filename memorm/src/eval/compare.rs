//! Comparisons: `= <> < <= > >=`, `between`, `is distinct from`, `is null`.
//!
//! Integers, floats, `bool` and text have loops of their own; all else compares dynamic values.
use super::lanes::{Lanes, Marks, View, combine};
use super::truth::Truth;
use crate::expr::Comparison;
use std::cmp::Ordering;

/// `left ? right`; unknown where a side is absent.
pub(super) fn compare(by: Comparison, left: View<'_, '_>, right: View<'_, '_>, len: usize) -> Truth {
    let marks = Marks::strict(&[left, right], len);
    #[cfg(feature = "json")]
    if let Some(truth) = super::json::compare(by, left, right, &marks, len) {
        return Truth::new(truth.0, truth.1.unwrap_or(marks));
    }
    Truth::new(answers(by, left, right, &marks, len), marks)
}

fn answers(by: Comparison, left: View<'_, '_>, right: View<'_, '_>, marks: &Marks, len: usize) -> Vec<bool> {
    macro_rules! kernel {
        ($lanes:ident) => {
            if let (Some(a), Some(b)) = (left.$lanes(), right.$lanes()) {
                return test(by, a, b, len);
            }
        };
    }
    kernel!(ints);
    if let (Some(a), Some(b)) = (left.floats(), right.floats()) {
        return test_floats(by, a, b, len);
    }
    kernel!(texts);
    kernel!(wides);
    kernel!(bools);
    (0..len).map(|i| marks.is_wanted(i) && holds(by, order(left, right, i))).collect()
}

/// Lanes of any kind, by the one order of values.
fn order(left: View<'_, '_>, right: View<'_, '_>, i: usize) -> Ordering {
    if let (Some(a), Some(b)) = (left.text(i), right.text(i)) {
        return a.cmp(b);
    }
    #[cfg(feature = "json")]
    if let (Some(a), Some(b)) = (left.document(i), right.document(i)) {
        return crate::value::compare_json(a, b);
    }
    match (left.value(i), right.value(i)) {
        (Some(a), Some(b)) => a.cmp(b),
        _ => left.cell(i).cmp(&right.cell(i)),
    }
}

pub(super) fn holds(by: Comparison, order: Ordering) -> bool {
    match by {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Lt => order.is_lt(),
        Comparison::Le => order.is_le(),
        Comparison::Gt => order.is_gt(),
        Comparison::Ge => order.is_ge(),
    }
}

/// One loop for each operator, so that none of them branches.
fn test<T: Copy + PartialOrd>(by: Comparison, a: Lanes<'_, T>, b: Lanes<'_, T>, len: usize) -> Vec<bool> {
    match by {
        Comparison::Eq => combine(a, b, len, |a, b| a == b),
        Comparison::Ne => combine(a, b, len, |a, b| a != b),
        Comparison::Lt => combine(a, b, len, |a, b| a < b),
        Comparison::Le => combine(a, b, len, |a, b| a <= b),
        Comparison::Gt => combine(a, b, len, |a, b| a > b),
        Comparison::Ge => combine(a, b, len, |a, b| a >= b),
    }
}

fn test_floats(by: Comparison, a: Lanes<'_, f64>, b: Lanes<'_, f64>, len: usize) -> Vec<bool> {
    let k = float_key;
    match by {
        Comparison::Eq => combine(a, b, len, |a, b| k(a) == k(b)),
        Comparison::Ne => combine(a, b, len, |a, b| k(a) != k(b)),
        Comparison::Lt => combine(a, b, len, |a, b| k(a) < k(b)),
        Comparison::Le => combine(a, b, len, |a, b| k(a) <= k(b)),
        Comparison::Gt => combine(a, b, len, |a, b| k(a) > k(b)),
        Comparison::Ge => combine(a, b, len, |a, b| k(a) >= k(b)),
    }
}

/// An integer that orders as floats do: NaN greatest and equal to itself, the zeros equal.
#[inline]
pub(super) fn float_key(f: f64) -> i64 {
    let f = if f.is_nan() { f64::NAN.abs() } else { f + 0.0 };
    let bits = f.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// `low <= value <= high`, three-valued like the two comparisons.
pub(super) fn between(value: View<'_, '_>, low: View<'_, '_>, high: View<'_, '_>, len: usize) -> Truth {
    compare(Comparison::Ge, value, low, len).and(compare(Comparison::Le, value, high, len))
}

/// Differs, where two absent values are equal.
pub(super) fn is_distinct(left: View<'_, '_>, right: View<'_, '_>, len: usize) -> Truth {
    let mut differs = compare(Comparison::Ne, left, right, len);
    for (i, yes) in differs.yes.iter_mut().enumerate().filter(|(i, _)| differs.unknown.get(*i) == Some(&true))
    {
        // unknown, though both are there: JSON values of different kinds
        *yes = left.is_present(i) != right.is_present(i);
    }
    differs.unknown.clear();
    differs
}

/// Is absent.
pub(super) fn is_null(value: View<'_, '_>, len: usize) -> Truth {
    let yes = (0..len).map(|i| !value.is_present(i)).collect();
    Truth { yes, unknown: Vec::new(), faults: value.faults().to_vec() }
}
