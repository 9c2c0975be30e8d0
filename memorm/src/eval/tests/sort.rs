//! Sorting.
use super::Rows;
use crate::eval::{evaluate, sort_lanes};
use crate::expr::{Expression, IntoOrder, OrderTerm};
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Row {
    #[model(primary_key)]
    id: u64,
    int: Option<i64>,
    float: f64,
    name: String,
    letter: char,
    flag: bool,
}

fn row(id: u64, int: Option<i64>, float: f64, name: &str) -> Row {
    Row {
        id,
        int,
        float,
        name: name.to_owned(),
        letter: name.chars().next().unwrap_or(' '),
        flag: id.is_multiple_of(2),
    }
}

fn sort<Side>(order: impl IntoOrder<Row, Side>, rows: &[Row], keep: Option<usize>) -> Vec<u32> {
    let mut terms: Vec<OrderTerm> = Vec::new();
    order.terms(&mut terms);
    let batch = Rows(rows);
    let keys: Vec<_> = terms.iter().map(|term| evaluate(&term.code, &batch)).collect();
    sort_lanes(&keys, &terms, rows.len(), keep)
}

fn rows() -> Vec<Row> {
    vec![
        row(9, Some(2), 0.0, "bb"),
        row(3, None, f64::NAN, "abcdefghi"),
        row(7, Some(-5), -1.0, "abcdefgha"),
        row(1, Some(2), -0.0, ""),
        row(u64::MAX, None, f64::INFINITY, "ä"),
    ]
}

#[test]
fn none_is_greatest_unless_told_otherwise() {
    let rows = rows();
    assert_eq!(sort(Row::INT, &rows, None), [2, 0, 3, 1, 4]);
    assert_eq!(sort(Row::INT.desc(), &rows, None), [1, 4, 0, 3, 2]);
    assert_eq!(sort(Row::INT.nulls_first(), &rows, None), [1, 4, 2, 0, 3]);
    assert_eq!(sort(Row::INT.desc().nulls_last(), &rows, None), [0, 3, 2, 1, 4]);
}

#[test]
fn each_kind_sorts_by_its_order() {
    let rows = rows();
    assert_eq!(sort(Row::ID, &rows, None), [3, 1, 2, 0, 4]);
    assert_eq!(sort(Row::ID.desc(), &rows, None), [4, 0, 2, 1, 3]);
    assert_eq!(sort(Row::FLOAT, &rows, None), [2, 0, 3, 4, 1]);
    assert_eq!(sort(Row::NAME, &rows, None), [3, 2, 1, 0, 4]);
    assert_eq!(sort(Row::NAME.desc(), &rows, None), [4, 0, 1, 2, 3]);
    assert_eq!(sort(Row::NAME.upper(), &rows, None), [3, 2, 1, 0, 4]);
    assert_eq!(sort(Row::LETTER, &rows, None), [3, 1, 2, 0, 4]);
    assert_eq!(sort(Row::FLAG.desc(), &rows, None), [0, 1, 2, 3, 4]);
}

#[test]
fn ties_keep_row_order_and_later_keys_break_them() {
    let rows = rows();
    assert_eq!(sort((Row::INT, Row::ID), &rows, None), [2, 3, 0, 1, 4]);
    assert_eq!(sort((Row::INT.desc(), Row::NAME.desc()), &rows, None), [4, 1, 0, 3, 2]);
    assert_eq!(sort(vec![Row::INT.desc(), Row::FLOAT.asc()], &rows, None), [4, 1, 0, 3, 2]);
    assert_eq!(sort(Vec::<crate::expr::Order<Row>>::new(), &rows, None), [0, 1, 2, 3, 4]);
}

#[test]
fn the_first_few_are_those_of_the_whole_sort() {
    let rows: Vec<Row> = (0..10_000u64)
        .map(|i| {
            let mixed = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            row(i, (mixed % 5 != 0).then_some((mixed % 1_000) as i64), mixed as f64, &format!("{mixed:x}"))
        })
        .collect();
    for keep in [0, 1, 7, 1_000, 6_000, 9_999, 10_000, 20_000] {
        for (whole, part) in [
            (sort(Row::INT, &rows, None), sort(Row::INT, &rows, Some(keep))),
            (sort(Row::INT.desc(), &rows, None), sort(Row::INT.desc(), &rows, Some(keep))),
            (sort((Row::NAME, Row::INT), &rows, None), sort((Row::NAME, Row::INT), &rows, Some(keep))),
        ] {
            assert_eq!(whole.len(), rows.len());
            assert_eq!(part, whole[..keep.min(rows.len())]);
        }
    }
}
