//! `case` and `coalesce`.
use super::{True, Unknown, ask, compute, found, text};
use crate::expr::Expression;
use crate::value::{Fault, Value};
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u32,
    qty: i64,
    name: String,
    note: Option<String>,
    limit: Option<i64>,
}

fn items() -> [Item; 4] {
    [(1, 5, Some("x"), Some(1)), (2, 0, None, None), (3, -4, Some(""), Some(0)), (4, 2, None, Some(7))].map(
        |(id, qty, note, limit)| Item {
            id,
            qty,
            name: format!("n{id}"),
            note: note.map(str::to_owned),
            limit,
        },
    )
}

const ZERO: Result<Value, Fault> = Err(Fault::DivisionByZero);

fn int(i: i64) -> Result<Value, Fault> {
    Ok(Value::Int(i))
}

#[test]
fn the_first_true_branch_decides() {
    let level = case().when(Item::ID.ge(3), "high").when(Item::ID.ge(2), "middle").otherwise("low");
    assert_eq!(compute(level.clone(), &items()), ["low", "middle", "high", "high"].map(|t| Ok(text(t))));
    assert_eq!(found(level.eq("high"), &items()), [2, 3]);
}

#[test]
fn without_a_branch_the_end_is_none() {
    let level = case().when(Item::ID.eq(1), Item::QTY).when(Item::ID.eq(2), 9).end();
    assert_eq!(compute(level, &items()), [int(5), int(9), Ok(Value::Null), Ok(Value::Null)]);
}

#[test]
fn an_unknown_condition_takes_no_branch() {
    let level = case().when(Item::LIMIT.gt(0), 1).when(Item::LIMIT.le(0), 2).otherwise(3);
    assert_eq!(compute(level, &items()), [int(1), int(3), int(2), int(1)]);
}

#[test]
fn branches_mix_columns_and_computed_text() {
    let shown =
        case().when(Item::ID.eq(1), Item::NAME.upper()).when(Item::ID.eq(2), "two").otherwise(Item::NAME);
    assert_eq!(compute(shown, &items()), ["N1", "two", "n3", "n4"].map(|t| Ok(text(t))));
    let nullable = case().when(Item::ID.eq(1), Item::NOTE).otherwise(Item::NAME);
    assert_eq!(compute(nullable, &items())[..2], [Ok(text("x")), Ok(text("n2"))]);
    let none = case().when(Item::ID.gt(2), Item::NOTE).otherwise(None::<String>);
    assert_eq!(compute(none, &items()), [Ok(Value::Null), Ok(Value::Null), Ok(text("")), Ok(Value::Null)]);
}

#[test]
fn faults_of_branches_that_are_not_taken_do_not_count() {
    let safe = case().when(Item::QTY.ne(0), (Item::QTY * 0 + 10) / Item::QTY).otherwise(0);
    assert_eq!(compute(safe, &items()).iter().filter(|r| r.is_err()).count(), 0);
    let guarded = case().when(Item::QTY.eq(0), -1).otherwise(Item::QTY / Item::QTY);
    assert_eq!(compute(guarded, &items()), [int(1), int(-1), int(1), int(1)]);
    let taken = case().when(Item::QTY.eq(0), Item::QTY / 0).otherwise(1);
    assert_eq!(compute(taken, &items()), [int(1), ZERO, int(1), int(1)]);
    let late = case().when(Item::ID.le(2), 1).when((Item::QTY / 0).eq(1), 2).otherwise(3);
    assert_eq!(compute(late, &items()), [int(1), int(1), ZERO, ZERO]);
    let early = case().when((Item::QTY / Item::QTY).eq(1), 1).otherwise(Item::QTY / 0);
    assert_eq!(compute(early, &items()), [int(1), ZERO, int(1), int(1)]);
}

#[test]
fn cases_nest() {
    let inner = case().when(Item::QTY.gt(0), 1).otherwise(2);
    let outer = case().when(Item::ID.le(2), inner.clone()).otherwise(inner + 10);
    assert_eq!(compute(outer, &items()), [int(1), int(2), int(12), int(11)]);
}

#[test]
fn coalesce_takes_the_default_where_there_is_none() {
    assert_eq!(compute(Item::LIMIT.coalesce(-1), &items()), [int(1), int(-1), int(0), int(7)]);
    assert_eq!(compute(Item::LIMIT.coalesce(Item::QTY), &items()), [int(1), int(0), int(0), int(7)]);
    assert_eq!(
        compute(Item::NOTE.coalesce("?"), &items()),
        [Ok(text("x")), Ok(text("?")), Ok(text("")), Ok(text("?"))]
    );
    assert_eq!(
        compute(Item::NOTE.upper().coalesce(Item::NAME), &items()),
        [Ok(text("X")), Ok(text("n2")), Ok(text("")), Ok(text("n4"))]
    );
    assert_eq!(compute(Item::QTY.coalesce(1), &items()), [int(5), int(0), int(-4), int(2)]);
}

#[test]
fn a_default_that_is_not_needed_does_not_fail() {
    assert_eq!(compute(Item::LIMIT.coalesce(Item::QTY / 0), &items()), [int(1), ZERO, int(0), int(7)]);
    assert_eq!(compute((Item::LIMIT / 0).coalesce(1), &items()), [ZERO, int(1), ZERO, ZERO]);
    assert_eq!(ask((Item::LIMIT / 1).gt(0), &items()), [True, Unknown, super::False, True]);
}
