//! Three-valued logic with faults, exhaustively.
use super::{Answer, False, True, Unknown, ask};
use crate::expr::{Expression, Filter};
use crate::value::Fault;
use memorm::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `1 / x = 1` is true for 1, false for 2, unknown for `None` and a fault for 0.
#[derive(Model, Clone)]
struct Pair {
    #[model(primary_key)]
    id: u32,
    one: Option<i64>,
    a: Option<i64>,
    b: Option<i64>,
    yes: bool,
    maybe: Option<bool>,
}

const ZERO: Answer = Answer::Fault(Fault::DivisionByZero);
const ALL: [(Option<i64>, Answer); 4] = [(Some(1), True), (Some(2), False), (None, Unknown), (Some(0), ZERO)];

fn pairs() -> (Vec<Pair>, Vec<(Answer, Answer)>) {
    let mut rows = Vec::new();
    let mut expected = Vec::new();
    for (a, left) in ALL {
        for (b, right) in ALL {
            rows.push(Pair { id: 0, one: Some(1), a, b, yes: left == True, maybe: b.map(|b| b == 1) });
            expected.push((left, right));
        }
    }
    (rows, expected)
}

fn a() -> Filter<Pair> {
    (Pair::ONE / Pair::A).eq(1)
}
fn b() -> Filter<Pair> {
    (Pair::ONE / Pair::B).eq(1)
}

fn and(a: Answer, b: Answer) -> Answer {
    match (a, b) {
        (False, _) | (_, False) => False,
        (Unknown, _) | (_, Unknown) => Unknown,
        (Answer::Fault(_), _) | (_, Answer::Fault(_)) => ZERO,
        (True, True) => True,
    }
}
fn not(a: Answer) -> Answer {
    match a {
        True => False,
        False => True,
        other => other,
    }
}

#[test]
fn and_settles_by_the_strongest_side() {
    let (rows, expected) = pairs();
    let expected: Vec<_> = expected.into_iter().map(|(a, b)| and(a, b)).collect();
    assert_eq!(ask(a() & b(), &rows), expected);
    assert_eq!(ask(b() & a(), &rows), expected);
}

#[test]
fn or_is_the_dual_of_and() {
    let (rows, expected) = pairs();
    let expected: Vec<_> = expected.into_iter().map(|(a, b)| not(and(not(a), not(b)))).collect();
    assert_eq!(ask(a() | b(), &rows), expected);
    assert_eq!(ask(b() | a(), &rows), expected);
    assert_eq!(ask(!(!a() & !b()), &rows), expected);
}

#[test]
fn not_keeps_unknown_and_faults() {
    let (rows, expected) = pairs();
    let expected: Vec<_> = expected.into_iter().map(|(a, _)| not(a)).collect();
    assert_eq!(ask(!a(), &rows), expected);
    assert_eq!(ask(!!!a(), &rows), expected);
}

#[test]
fn without_none_or_faults_the_tables_are_the_usual_ones() {
    let rows: Vec<Pair> = [(true, true), (true, false), (false, true), (false, false)]
        .map(|(a, b)| Pair { id: 0, one: None, a: None, b: None, yes: a, maybe: Some(b) })
        .to_vec();
    assert_eq!(ask(Pair::YES & Pair::MAYBE, &rows), [True, False, False, False]);
    assert_eq!(ask(Pair::YES | Pair::MAYBE, &rows), [True, True, True, False]);
    assert_eq!(ask(!Pair::YES, &rows), [False, False, True, True]);
    assert_eq!(ask(Pair::YES.eq(Pair::MAYBE), &rows), [True, False, False, True]);
}

#[test]
fn a_bool_column_is_a_condition() {
    let (rows, expected) = pairs();
    let left: Vec<_> = expected.iter().map(|(a, _)| if *a == True { True } else { False }).collect();
    assert_eq!(ask(Pair::YES, &rows), left);
    let right: Vec<_> = expected.iter().map(|(_, b)| if *b == ZERO { False } else { *b }).collect();
    assert_eq!(ask(Pair::MAYBE, &rows), right);
    assert_eq!(ask(Pair::MAYBE.coalesce(true), &rows)[2], True);
}

#[test]
fn a_closure_sees_no_row_that_is_settled() {
    let (rows, _) = pairs();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let query = select::<Pair>().filter(Pair::YES).filter_with(move |row| {
        counted.fetch_add(1, Ordering::Relaxed);
        assert!(row.yes);
        row.b == Some(1)
    });
    let code = query.inspect().filter.clone().expect("two filters");
    let truth = super::super::truth(&code, &super::Rows(&rows));
    assert_eq!(truth.yes.iter().filter(|yes| **yes).count(), 1);
    assert_eq!(calls.load(Ordering::Relaxed), 4);
}
