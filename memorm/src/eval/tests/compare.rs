//! Comparisons of every kind of value.
use super::{Answer, False, True, Unknown, ask, found};
use crate::expr::Expression;
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Row {
    #[model(primary_key)]
    id: u64,
    int: i64,
    maybe: Option<i64>,
    float: f64,
    name: String,
    letter: char,
    bytes: Vec<u8>,
    big: u128,
}

fn row(id: u64, int: i64, maybe: Option<i64>) -> Row {
    Row {
        id,
        int,
        maybe,
        float: int as f64,
        name: int.to_string(),
        letter: 'x',
        bytes: vec![int as u8],
        big: id.into(),
    }
}

fn rows() -> Vec<Row> {
    vec![row(1, 1, Some(2)), row(2, 2, Some(2)), row(3, 3, Some(2)), row(u64::MAX, 4, None)]
}

#[test]
fn each_operator_compares_columns_with_literals() {
    let rows = rows();
    assert_eq!(found(Row::INT.eq(2), &rows), [1]);
    assert_eq!(found(Row::INT.ne(2), &rows), [0, 2, 3]);
    assert_eq!(found(Row::INT.lt(2), &rows), [0]);
    assert_eq!(found(Row::INT.le(2), &rows), [0, 1]);
    assert_eq!(found(Row::INT.gt(2), &rows), [2, 3]);
    assert_eq!(found(Row::INT.ge(2), &rows), [1, 2, 3]);
    assert_eq!(found(Row::ID.gt(2), &rows), [2, 3]);
    assert_eq!(found(Row::FLOAT.ge(3), &rows), [2, 3]);
    assert_eq!(found(Row::NAME.lt("3"), &rows), [0, 1]);
    assert_eq!(found(Row::LETTER.eq('x'), &rows).len(), 4);
    assert_eq!(found(Row::BYTES.ge(&[3u8][..]), &rows), [2, 3]);
    assert_eq!(found(Row::BIG.eq(u128::from(u64::MAX)), &rows), [3]);
    assert_eq!(found(Row::BIG.lt(u128::MAX), &rows).len(), 4);
}

#[test]
fn none_makes_a_comparison_unknown() {
    let rows = rows();
    assert_eq!(ask(Row::MAYBE.eq(2), &rows), [True, True, True, Unknown]);
    assert_eq!(ask(Row::MAYBE.ne(2), &rows), [False, False, False, Unknown]);
    assert_eq!(ask(Row::INT.lt(Row::MAYBE), &rows), [True, False, False, Unknown]);
    assert_eq!(ask(Row::MAYBE.eq(None::<i64>), &rows), [Unknown; 4]);
    assert_eq!(ask(!Row::MAYBE.eq(2), &rows), [False, False, False, Unknown]);
    assert_eq!(found(Row::MAYBE.is_none(), &rows), [3]);
    assert_eq!(found(Row::MAYBE.is_some(), &rows), [0, 1, 2]);
    assert_eq!(found(Row::INT.is_none(), &rows), Vec::<usize>::new());
}

#[test]
fn is_distinct_from_is_never_unknown() {
    let rows = rows();
    assert_eq!(ask(Row::MAYBE.is_distinct_from(2), &rows), [False, False, False, True]);
    assert_eq!(ask(Row::MAYBE.is_distinct_from(None::<i64>), &rows), [True, True, True, False]);
    assert_eq!(ask(Row::INT.is_distinct_from(Row::MAYBE), &rows), [True, False, True, True]);
    assert_eq!(ask(Row::MAYBE.is_distinct_from(Row::MAYBE), &rows), [False; 4]);
}

#[test]
fn nan_is_greatest_and_equals_itself_and_the_zeros_are_equal() {
    let with = |f: f64| Row { float: f, ..row(0, 0, None) };
    let rows = [0.0, -0.0, 1.5, f64::INFINITY, f64::NAN, -f64::NAN, f64::NEG_INFINITY, -1.5].map(with);
    assert_eq!(found(Row::FLOAT.eq(f64::NAN), &rows), [4, 5]);
    assert_eq!(found(Row::FLOAT.ge(f64::INFINITY), &rows), [3, 4, 5]);
    assert_eq!(found(Row::FLOAT.lt(f64::NAN), &rows), [0, 1, 2, 3, 6, 7]);
    assert_eq!(found(Row::FLOAT.eq(0.0), &rows), [0, 1]);
    assert_eq!(found(Row::FLOAT.lt(-0.0), &rows), [6, 7]);
    assert_eq!(found(Row::FLOAT.in_([-0.0, f64::NAN]), &rows), [0, 1, 4, 5]);
    assert_eq!(found(Row::FLOAT.eq(Row::FLOAT), &rows).len(), 8);
    assert_eq!(found(Row::FLOAT.between(-2, 2.0), &rows), [0, 1, 2, 7]);
}

#[test]
fn between_takes_both_ends_and_nothing_when_they_are_swapped() {
    let rows = rows();
    assert_eq!(found(Row::INT.between(2, 3), &rows), [1, 2]);
    assert_eq!(found(Row::INT.between(3, 2), &rows), Vec::<usize>::new());
    assert_eq!(ask(Row::INT.between(2, Row::MAYBE), &rows), [False, True, False, Unknown]);
    assert_eq!(ask(Row::MAYBE.between(1, 5), &rows), [True, True, True, Unknown]);
    // below the low end the other one does not matter
    assert_eq!(ask(Row::INT.between(9, Row::MAYBE), &rows), [False; 4]);
}

#[test]
#[allow(clippy::needless_borrows_for_generic_args, reason = "borrowed lists are what is tested")]
fn in_takes_every_kind_of_list() {
    let rows = rows();
    assert_eq!(found(Row::INT.in_([3, 1]), &rows), [0, 2]);
    assert_eq!(found(Row::INT.in_(vec![3, 1, 1]), &rows), [0, 2]);
    assert_eq!(found(Row::INT.in_(&[3, 1]), &rows), [0, 2]);
    assert_eq!(found(Row::INT.in_([3i64].as_slice()), &rows), [2]);
    assert_eq!(found(Row::INT.in_(2..4), &rows), [1, 2]);
    assert_eq!(found(Row::INT.in_((0..100).map(|i| i * 2)), &rows), [1, 3]);
    assert_eq!(found(Row::INT.in_(std::collections::HashSet::from([4, 9])), &rows), [3]);
    assert_eq!(found(Row::INT.in_(std::collections::BTreeSet::from([4, 9])), &rows), [3]);
    assert_eq!(found(Row::ID.in_([u64::MAX]), &rows), [3]);
    assert_eq!(found(Row::FLOAT.in_([1.0, 2.5]), &rows), [0]);
    assert_eq!(found(Row::NAME.in_(["1", "3"]), &rows), [0, 2]);
    assert_eq!(found(Row::NAME.in_(&["1", "3"]), &rows), [0, 2]);
    assert_eq!(found(Row::NAME.in_(vec![String::from("4")]), &rows), [3]);
    assert_eq!(found(Row::LETTER.in_(['x']), &rows).len(), 4);
    assert_eq!(found(Row::BIG.in_([2u128, u128::MAX]), &rows), [1]);
    assert_eq!(found(Row::MAYBE.in_([2]), &rows), [0, 1, 2]);
    assert_eq!(found(Row::MAYBE.in_([Some(2)]), &rows), [0, 1, 2]);
    assert_eq!(found((Row::INT * 2).in_([4, 8]), &rows), [1, 3]);
}

#[test]
fn in_of_none_follows_three_valued_logic() {
    let rows = rows();
    let none: [Option<i64>; 0] = [];
    assert_eq!(ask(Row::MAYBE.in_(none), &rows), [False; 4]);
    assert_eq!(ask(Row::MAYBE.not_in(none), &rows), [True; 4]);
    assert_eq!(ask(Row::MAYBE.in_([2]), &rows)[3], Unknown);
    assert_eq!(ask(Row::MAYBE.not_in([2]), &rows), [False, False, False, Unknown]);
    assert_eq!(ask(Row::MAYBE.in_([Some(2), None]), &rows), [True, True, True, Unknown]);
    assert_eq!(ask(Row::MAYBE.not_in([Some(7), None]), &rows), [Unknown; 4]);
    assert_eq!(ask(Row::MAYBE.in_([None::<i64>]), &rows), [Unknown; 4]);
}

#[test]
fn an_empty_batch_has_no_answers() {
    assert_eq!(ask(Row::INT.eq(1) & Row::NAME.like("a%"), &[]), Vec::<Answer>::new());
}

#[test]
fn enums_compare_in_declaration_order() {
    #[derive(Field, Clone, Copy, Debug, PartialEq)]
    enum State {
        New,
        Active,
        Done,
    }
    #[derive(Model, Clone)]
    struct Job {
        #[model(primary_key)]
        id: u32,
        state: State,
        before: Option<State>,
    }
    let rows = [
        Job { id: 1, state: State::Done, before: Some(State::Active) },
        Job { id: 2, state: State::Active, before: None },
        Job { id: 3, state: State::New, before: Some(State::New) },
    ];
    assert_eq!(found(Job::STATE.gt(State::New), &rows), [0, 1]);
    assert_eq!(found(Job::STATE.in_([State::New, State::Done]), &rows), [0, 2]);
    assert_eq!(ask(Job::STATE.gt(Job::BEFORE), &rows), [True, Unknown, False]);
}
