//! Expressions of any size need no stack.
use super::{Rows, compute};
use crate::eval::truth;
use crate::expr::{Expression, Filter};
use crate::value::Value;
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    qty: i64,
}

const TERMS: i64 = 1_000_000;

fn items() -> Vec<Item> {
    (0..10).map(|id| Item { id, qty: id as i64 * 200_000 }).collect()
}

/// Runs on a stack of 128 KiB.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 * 1024).spawn(work).expect("a thread");
    thread.join().expect("no overflow");
}

fn check(filter: Filter<Item>) {
    let rows = items();
    let answers = truth(filter.inspect(), &Rows(&rows));
    assert_eq!(answers.yes.iter().filter(|yes| **yes).count(), 5);
    let text = filter.inspect().to_string();
    assert_eq!(text.matches(" or ").count(), TERMS as usize - 1);
    assert!(!text.contains('('));
    drop(filter.clone());
    drop(filter);
}

#[test]
fn a_million_terms_that_grow_at_the_end() {
    on_a_small_stack(|| {
        let first: Filter<Item> = Item::QTY.eq(0);
        check((1..TERMS).fold(first, |filter, i| filter | Item::QTY.eq(i)));
    });
}

#[test]
fn a_million_terms_that_grow_at_the_front() {
    on_a_small_stack(|| {
        let first: Filter<Item> = Item::QTY.eq(0);
        check((1..TERMS).fold(first, |filter, i| Item::QTY.eq(i) | filter));
    });
}

#[test]
fn long_chains_of_every_other_shape() {
    on_a_small_stack(|| {
        let rows = items();
        let negated = (0..100_001).fold(Item::QTY.eq(0), |filter: Filter<Item>, _| !filter);
        assert_eq!(truth(negated.inspect(), &Rows(&rows)).yes.iter().filter(|yes| **yes).count(), 9);
        assert!(negated.inspect().to_string().starts_with("not not "));
        let sum = (0..100_000).fold(Item::QTY.expr(), |sum, _| sum + 1);
        assert_eq!(compute(sum.clone(), &rows)[0], Ok(Value::Int(100_000)));
        assert!(sum.inspect().to_string().ends_with(" + 1 + 1"));
        let first = case().when(Item::QTY.eq(-1), -1);
        let branches = (0..10_000).fold(first, |case, i| case.when(Item::QTY.eq(i * 20), i));
        let chosen = branches.otherwise(-2);
        assert_eq!(compute(chosen.clone(), &rows)[0], Ok(Value::Int(0)));
        assert!(chosen.inspect().to_string().ends_with(" else -2 end"));
    });
}
