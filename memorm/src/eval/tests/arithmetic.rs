//! Arithmetic at the limits of each kind.
use super::compute;
use crate::expr::Expression;
use crate::value::{Fault, Value};
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Pair<T: Field + Default> {
    #[model(primary_key)]
    id: u32,
    a: T,
    b: T,
}

fn pair<T: Field + Default>(a: T, b: T) -> [Pair<T>; 1] {
    [Pair { id: 0, a, b }]
}

const OUT: Result<Value, Fault> = Err(Fault::OutOfRange);
const ZERO: Result<Value, Fault> = Err(Fault::DivisionByZero);

macro_rules! limits { ($($name:ident $t:ty;)*) => { $(
    #[test]
    fn $name() {
        type P = Pair<$t>;
        let (min, max) = (<$t>::MIN, <$t>::MAX);
        let value = |v: $t| [Ok(v.to_value())];
        assert_eq!(compute(P::A + P::B, &pair(max - 1, 1)), value(max));
        assert_eq!(compute(P::A + P::B, &pair(max, 1)), [OUT]);
        assert_eq!(compute(P::A - P::B, &pair(min + 1, 1)), value(min));
        assert_eq!(compute(P::A - P::B, &pair(min, 1)), [OUT]);
        assert_eq!(compute(P::A * P::B, &pair(max / 2, 2)), value(max / 2 * 2));
        assert_eq!(compute(P::A * P::B, &pair(max, max)), [OUT]);
        assert_eq!(compute(P::A * P::B, &pair(max / 2 + 1, 2)), [OUT]);
        assert_eq!(compute(P::A / P::B, &pair(7, 2)), value(3));
        assert_eq!(compute(P::A % P::B, &pair(7, 2)), value(1));
        assert_eq!(compute(P::A / P::B, &pair(1, 0)), [ZERO]);
        assert_eq!(compute(P::A % P::B, &pair(1, 0)), [ZERO]);
        assert_eq!(compute(P::A * 2 + 1, &pair(3, 0)), value(7));
        assert_eq!(compute(P::A.abs(), &pair(max, 0)), value(max));
        assert_eq!(compute(P::A.round(), &pair(max, 0)), value(max));
        assert_eq!(compute(-P::A, &pair(0, 0)), value(0));
        if min == 0 {
            assert_eq!(compute(-P::A, &pair(1, 0)), [OUT]);
        } else {
            let minus_one = min / max;
            assert_eq!(compute(-P::A, &pair(max, 0)), value(min + 1));
            assert_eq!(compute(-P::A, &pair(min, 0)), [OUT]);
            assert_eq!(compute(P::A.abs(), &pair(min, 0)), [OUT]);
            assert_eq!(compute(P::A.abs(), &pair(min + 1, 0)), value(max));
            assert_eq!(compute(P::A / P::B, &pair(min, minus_one)), [OUT]);
            assert_eq!(compute(P::A % P::B, &pair(min, minus_one)), value(0));
            assert_eq!(compute(P::A / P::B, &pair((0 as $t).wrapping_sub(7), 2)), value((0 as $t).wrapping_sub(3)));
            assert_eq!(compute(P::A % P::B, &pair((0 as $t).wrapping_sub(7), 2)), value((0 as $t).wrapping_sub(1)));
        }
    }
)* } }
limits! {
    i8_keeps_its_range i8;
    i16_keeps_its_range i16;
    i32_keeps_its_range i32;
    i64_keeps_its_range i64;
    i128_keeps_its_range i128;
    isize_keeps_its_range isize;
    u8_keeps_its_range u8;
    u16_keeps_its_range u16;
    u32_keeps_its_range u32;
    u64_keeps_its_range u64;
    u128_keeps_its_range u128;
    usize_keeps_its_range usize;
}

#[test]
fn none_is_no_operand_and_its_lane_never_fails() {
    type P = Pair<Option<i64>>;
    assert_eq!(compute(P::A / P::B, &pair(Some(1), None)), [Ok(Value::Null)]);
    assert_eq!(compute(P::A / P::B, &pair(None, Some(0))), [Ok(Value::Null)]);
    assert_eq!(compute(-P::A, &pair(None, None)), [Ok(Value::Null)]);
    assert_eq!(compute(P::A + 1, &pair(None, None)), [Ok(Value::Null)]);
    // but a fault on one side is met before the other side is looked at
    assert_eq!(compute(P::A / 0 + P::B, &pair(Some(1), None)), [ZERO]);
    assert_eq!(compute(P::B + P::A / 0, &pair(Some(1), None)), [ZERO]);
}

#[test]
fn a_fault_stays_in_its_lane() {
    type P = Pair<i32>;
    let rows: Vec<P> = (0..40).map(|i| Pair { id: i, a: 100, b: i as i32 % 5 }).collect();
    for (i, result) in compute(P::A / P::B * 2, &rows).into_iter().enumerate() {
        match i % 5 {
            0 => assert_eq!(result, ZERO),
            b => assert_eq!(result, Ok(Value::Int(100 / b as i64 * 2))),
        }
    }
}

#[test]
fn floats_fail_on_division_by_zero_alone() {
    type P = Pair<f64>;
    let float = |f: f64| [Ok(Value::Float(f))];
    assert_eq!(compute(P::A / P::B, &pair(1.0, 0.0)), [ZERO]);
    assert_eq!(compute(P::A / P::B, &pair(1.0, -0.0)), [ZERO]);
    assert_eq!(compute(P::A % P::B, &pair(1.0, 0.0)), [ZERO]);
    assert_eq!(compute(P::A / P::B, &pair(f64::NAN, 0.0)), float(f64::NAN));
    assert_eq!(compute(P::A * P::B, &pair(f64::MAX, 2.0)), float(f64::INFINITY));
    assert_eq!(compute(P::A % P::B, &pair(-7.5, 2.0)), float(-1.5));
    assert_eq!(compute(P::A + 1, &pair(0.5, 0.0)), float(1.5));
    assert_eq!(compute(-P::A, &pair(0.5, 0.0)), float(-0.5));
    assert_eq!(compute(P::A.abs(), &pair(-0.5, 0.0)), float(0.5));
}

#[test]
fn f32_rounds_after_each_step() {
    type P = Pair<f32>;
    let (a, b) = (0.1f32, 0.2f32);
    assert_eq!(compute(P::A + P::B, &pair(a, b)), [Ok((a + b).to_value())]);
    assert_eq!(compute(P::A / P::B * P::B, &pair(a, 0.3)), [Ok((a / 0.3 * 0.3).to_value())]);
    assert_eq!(compute(P::A + P::B, &pair(16_777_216.0, 1.0)), [Ok(16_777_216.0f32.to_value())]);
}

#[test]
fn floats_round_half_to_even() {
    type P = Pair<f64>;
    for (from, to) in [(0.5, 0.0), (1.5, 2.0), (2.5, 2.0), (-0.5, 0.0), (-1.5, -2.0), (2.4, 2.0), (2.6, 3.0)]
    {
        assert_eq!(compute(P::A.round(), &pair(from, 0.0)), [Ok(Value::Float(to))], "{from}");
    }
}

#[test]
fn a_filter_on_a_computed_value_can_fail() {
    type P = Pair<f64>;
    assert!((P::A / 2).gt(1).inspect().can_fail());
    assert!(!(P::A * 2).gt(1).inspect().can_fail());
    assert!((Pair::<i64>::A * 2).gt(1).inspect().can_fail());
    assert!(!Pair::<String>::A.like("a%").inspect().can_fail());
    assert!(Pair::<String>::A.like("a\\").inspect().can_fail());
    assert!(Pair::<String>::A.like(Pair::<String>::B).inspect().can_fail());
}

#[cfg(feature = "rust_decimal")]
#[test]
fn decimals_are_checked_and_round_half_away_from_zero() {
    use rust_decimal::Decimal;
    type P = Pair<Decimal>;
    let d = |text: &str| text.parse::<Decimal>().expect("a decimal");
    let value = |text: &str| [Ok(Value::Decimal(d(text)))];
    assert_eq!(compute(P::A + P::B, &pair(d("0.1"), d("0.2"))), value("0.3"));
    assert_eq!(compute(P::A * 2, &pair(d("1.50"), d("0"))), value("3"));
    assert_eq!(compute(P::A % P::B, &pair(d("-7.5"), d("2"))), value("-1.5"));
    assert_eq!(compute(P::A + P::B, &pair(Decimal::MAX, d("1"))), [OUT]);
    assert_eq!(compute(P::A * P::B, &pair(Decimal::MAX, d("2"))), [OUT]);
    assert_eq!(compute(P::A / P::B, &pair(d("1"), d("0"))), [ZERO]);
    assert_eq!(compute(P::A % P::B, &pair(d("1"), d("0"))), [ZERO]);
    assert_eq!(compute(-P::A, &pair(d("1.5"), d("0"))), value("-1.5"));
    assert_eq!(compute(P::A.abs(), &pair(d("-1.5"), d("0"))), value("1.5"));
    for (from, to) in [("0.5", "1"), ("1.5", "2"), ("2.5", "3"), ("-2.5", "-3"), ("2.4", "2")] {
        assert_eq!(compute(P::A.round(), &pair(d(from), d("0"))), value(to), "{from}");
    }
}

#[test]
fn map_computes_with_a_closure_and_sees_none() {
    type P = Pair<Option<i64>>;
    let rows = [Pair { id: 0, a: Some(2), b: None }, Pair { id: 1, a: None, b: None }];
    let doubled = P::A.map(|a| a.map(|a| a * 2));
    assert_eq!(compute(doubled.clone(), &rows), [Ok(Value::Int(4)), Ok(Value::Null)]);
    assert_eq!(compute(doubled + 1, &rows), [Ok(Value::Int(5)), Ok(Value::Null)]);
    let shown = P::A.map(|a| format!("{a:?}"));
    assert_eq!(compute(shown.length(), &rows), [Ok(Value::Int(7)), Ok(Value::Int(4))]);
    assert_eq!(compute((P::A / 0).map(|a| *a), &rows), [ZERO, Ok(Value::Null)]);
}
