//! The plan does not matter: what is found by an index, by a scan and by loops over plain rows is the same, in the same
//! order, with the same errors.
#[path = "plans/case.rs"]
mod case;
#[path = "plans/check.rs"]
mod check;
#[path = "oracle/language/mod.rs"]
mod language;
#[path = "plans/models.rs"]
mod models;
#[path = "plans/plain.rs"]
mod plain;

use check::{Tally, check};
use language::Plant;
use language::hunt::{cases, find, hunt};
use language::subject::Subject;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Prints the case as Rust.
fn print(case: &case::Case) -> String {
    let rows: Vec<_> = case.rows.iter().map(|row| format!("        {row:?},\n")).collect();
    let actions: Vec<_> = case.actions.iter().map(|action| format!("        {action:?},\n")).collect();
    format!(
        "Case {{\n    keys: {},\n    times: {},\n    rows: List([\n{}    ]),\n    actions: List([\n{}    ]),\n}}",
        case.keys,
        case.times,
        rows.concat(),
        actions.concat()
    )
}

#[test]
fn an_index_changes_neither_rows_nor_order_nor_errors() {
    let tally = Tally::default();
    let strategy = || case::cases(&models::Bare::infos());
    hunt("plans", cases("PLANS", 400), strategy, |case| check(case, Plant::Nothing, &tally), print);
    let share = |counter: &AtomicUsize| {
        100 * counter.load(Ordering::Relaxed) / tally.asked.load(Ordering::Relaxed).max(1)
    };
    let (by_index, in_order) = (share(&tally.by_index), share(&tally.in_order));
    println!("{by_index} % by an index, {in_order} % in the order of one");
    assert!(by_index >= 10, "only {by_index} % of the questions used an index");
    assert!(in_order >= 1, "only {in_order} % of the questions were read in the order of an index");
}

/// A checker that finds nothing proves nothing.
#[test]
fn a_planted_fault_is_found() {
    for plant in [Plant::NullEqualsNull, Plant::UnstableSort] {
        let check = |case: &case::Case| check(case, plant, &Tally::default());
        assert!(
            find(&case::cases(&models::Bare::infos()), 7, 200, 0, check).is_some(),
            "{plant:?} is not found"
        );
    }
}
