//! Aggregates.
use super::Rows;
use crate::eval::{Accumulator, evaluate};
use crate::expr::{Agg, Expression, Function, count_distinct, count_of};
use crate::value::{Fault, Value};
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u32,
    qty: i64,
    price: Option<f64>,
    name: String,
    big: i128,
    half: f32,
}

fn item(qty: i64, price: Option<f64>) -> Item {
    Item { id: 0, qty, price, name: format!("n{qty}"), big: i128::MAX / 2, half: 0.5 }
}

fn run<T>(aggregate: Agg<Item, T>, rows: &[Item]) -> Result<Value, Fault> {
    let term = aggregate.inspect().clone();
    let code = term.of.expect("an operand");
    let run = |size: usize, by_lane: bool| -> Result<Value, Fault> {
        let mut result = Accumulator::new(term.function);
        for rows in rows.chunks(size) {
            let batch = Rows(rows);
            let vector = evaluate(&code, &batch);
            if by_lane {
                (0..rows.len()).try_for_each(|i| result.add(&vector, i))?;
            } else {
                result.add_all(&vector).map_err(|(_, fault)| fault)?;
            }
        }
        result.finish()
    };
    let whole = run(rows.len().max(1), false);
    assert_eq!(whole, run(3, false));
    assert_eq!(whole, run(3, true));
    whole
}

fn items() -> Vec<Item> {
    vec![item(4, Some(1.0)), item(2, None), item(4, Some(4.0)), item(9, Some(1.0)), item(-1, None)]
}

fn float(f: f64) -> Result<Value, Fault> {
    Ok(Value::Float(f))
}
fn int(i: i128) -> Result<Value, Fault> {
    Ok(Value::Wide(i))
}

#[test]
fn none_is_passed_over() {
    let rows = items();
    assert_eq!(run(count_of(Item::PRICE), &rows), int(3));
    assert_eq!(run(count_of(Item::QTY), &rows), int(5));
    assert_eq!(run(count_distinct(Item::PRICE), &rows), int(2));
    assert_eq!(run(count_distinct(Item::QTY), &rows), int(4));
    assert_eq!(run(Item::PRICE.sum(), &rows), float(6.0));
    assert_eq!(run(Item::PRICE.avg(), &rows), float(2.0));
    assert_eq!(run(Item::PRICE.max(), &rows), float(4.0));
    assert_eq!(run(Item::QTY.sum(), &rows), int(18));
    assert_eq!(run(Item::QTY.avg(), &rows), float(3.6));
    assert_eq!(run(Item::QTY.min(), &rows), Ok(Value::Int(-1)));
    assert_eq!(run(Item::NAME.max(), &rows), Ok(Value::Text("n9".into())));
    assert_eq!(run(Item::HALF.sum(), &rows), float(2.5));
    assert_eq!(run((Item::QTY * 2).sum(), &rows), int(36));
}

#[test]
fn first_and_last_take_none_as_it_is() {
    let rows = items();
    assert_eq!(run(Item::QTY.first(), &rows), Ok(Value::Int(4)));
    assert_eq!(run(Item::PRICE.last(), &rows), Ok(Value::Null));
    assert_eq!(run(Item::PRICE.first(), &rows[1..]), Ok(Value::Null));
}

#[test]
fn nothing_gives_none_or_zero() {
    for rows in [&[][..], &[item(0, None)]] {
        assert_eq!(run(count_of(Item::PRICE), rows), int(0));
        assert_eq!(run(count_distinct(Item::PRICE), rows), int(0));
        let empty = [
            run(Item::PRICE.sum(), rows),
            run(Item::PRICE.avg(), rows),
            run(Item::PRICE.min(), rows),
            run(Item::PRICE.max(), rows),
            run(Item::PRICE.stddev(), rows),
            run(Item::PRICE.variance(), rows),
            run(Item::PRICE.median(), rows),
            run(Item::PRICE.first(), rows),
            run(Item::PRICE.last(), rows),
        ];
        assert_eq!(empty, [const { Ok(Value::Null) }; 9]);
    }
}

#[test]
fn the_variance_is_that_of_a_sample() {
    let rows: Vec<_> = [2, 4, 4, 4, 5, 5, 7, 9].map(|qty| item(qty, Some(1e9 + qty as f64))).to_vec();
    let close = |value: Result<Value, Fault>, wanted: f64| match value {
        Ok(Value::Float(f)) => assert!((f - wanted).abs() < 1e-7, "{f}"),
        other => panic!("{other:?}"),
    };
    close(run(Item::QTY.variance(), &rows), 32.0 / 7.0);
    close(run(Item::QTY.stddev(), &rows), (32.0f64 / 7.0).sqrt());
    // no cancellation far from zero
    close(run(Item::PRICE.variance(), &rows), 32.0 / 7.0);
    assert_eq!(run(Item::QTY.variance(), &rows[..1]), Ok(Value::Null));
    assert_eq!(run(Item::QTY.stddev(), &rows[1..3]), float(0.0));
}

#[test]
fn quantiles_interpolate() {
    let rows: Vec<_> = [40, 10, 30, 20].map(|qty| item(qty, Some(qty as f64))).to_vec();
    assert_eq!(run(Item::QTY.median(), &rows), float(25.0));
    assert_eq!(run(Item::QTY.median(), &rows[..3]), float(30.0));
    assert_eq!(run(Item::PRICE.quantile(0.0), &rows), float(10.0));
    assert_eq!(run(Item::PRICE.quantile(1.0), &rows), float(40.0));
    assert_eq!(run(Item::PRICE.quantile(0.9), &rows), float(37.0));
    assert_eq!(run(Item::PRICE.quantile(0.25), &rows), float(17.5));
    for q in [-0.1, 1.1, f64::NAN] {
        assert_eq!(run(Item::PRICE.quantile(q), &rows), Err(Fault::OutOfRange));
    }
    let infinite = [f64::INFINITY, f64::INFINITY, 1.0].map(|p| item(0, Some(p)));
    assert_eq!(run(Item::PRICE.quantile(0.75), &infinite), float(f64::INFINITY));
}

#[test]
fn nan_is_greatest_and_spoils_sums() {
    let rows = [f64::NAN, 1.0, f64::INFINITY, -f64::NAN].map(|p| item(0, Some(p)));
    assert_eq!(run(Item::PRICE.max(), &rows), float(f64::NAN));
    assert_eq!(run(Item::PRICE.min(), &rows), float(1.0));
    assert_eq!(run(Item::PRICE.sum(), &rows), float(f64::NAN));
    assert_eq!(run(Item::PRICE.avg(), &rows), float(f64::NAN));
    assert_eq!(run(count_distinct(Item::PRICE), &rows), int(3));
    assert_eq!(run(Item::PRICE.quantile(1.0), &rows), float(f64::NAN));
    let zeros = [0.0, -0.0].map(|p| item(0, Some(p)));
    assert_eq!(run(count_distinct(Item::PRICE), &zeros), int(1));
}

#[test]
fn integer_sums_are_wide_and_checked() {
    let rows = [item(i64::MAX, None), item(i64::MAX, None), item(1, None)];
    assert_eq!(run(Item::QTY.sum(), &rows), int(2 * i128::from(i64::MAX) + 1));
    assert_eq!(run(Item::BIG.sum(), &rows[..2]), int(i128::MAX - 1));
    assert_eq!(run(Item::BIG.sum(), &rows), Err(Fault::OutOfRange));
}

#[test]
fn the_first_fault_of_an_operand_is_reported() {
    let rows = items();
    assert_eq!(run((Item::QTY / 0).sum(), &rows), Err(Fault::DivisionByZero));
    let batch = Rows(&rows[..]);
    let code = (Item::QTY / (Item::QTY - 4)).sum().inspect().of.clone().expect("an operand");
    let mut result = Accumulator::new(Function::Sum);
    assert_eq!(result.add_all(&evaluate(&code, &batch)), Err((0, Fault::DivisionByZero)));
}

#[test]
fn count_counts_rows() {
    let mut result = Accumulator::new(Function::Count);
    result.add_rows(3);
    result.add_rows(4);
    assert_eq!(result.finish(), int(7));
}

#[cfg(feature = "rust_decimal")]
#[test]
fn decimals_add_up_exactly() {
    use rust_decimal::Decimal;
    #[derive(Model, Clone)]
    struct Entry {
        #[model(primary_key)]
        id: u32,
        amount: Decimal,
    }
    let run = |aggregate: Function, amounts: &[Decimal]| {
        let rows: Vec<_> = amounts.iter().map(|amount| Entry { id: 0, amount: *amount }).collect();
        let code = Entry::AMOUNT.into_code();
        let batch = Rows(&rows);
        let mut result = Accumulator::new(aggregate);
        result.add_all(&evaluate(&code, &batch)).map_err(|(_, fault)| fault)?;
        result.finish()
    };
    let d = |text: &str| text.parse::<Decimal>().expect("a decimal");
    assert_eq!(run(Function::Sum, &[d("0.1"), d("0.2")]), Ok(Value::Decimal(d("0.3"))));
    assert_eq!(run(Function::Avg, &[d("1"), d("2")]), float(1.5));
    assert_eq!(run(Function::Sum, &[Decimal::MAX, d("1")]), Err(Fault::OutOfRange));
    assert_eq!(run(Function::Quantile(0.5), &[d("1"), d("2")]), float(1.5));
}
