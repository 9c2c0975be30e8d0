//! The same statements on PostgreSQL: the random rows and questions that the tests ask of SQLite, asked of the server whose
//! rules memorm's are. Skipped, with the reason, where the machine has no server or does not let one start.
//!
//! `DIFFERENTIAL=n` runs `n` cases of up to 40 questions, `ORACLE_SEED=s` those of another seed than the usual one.
//!
//! Where the two have different rules:
//!
//! | rule | memorm | PostgreSQL | here |
//! |---|---|---|---|
//! | row order without `order_by` | insertion order | none | SQL gets the key as the last sort key |
//! | order after a set operation | first seen | none | compared as a multiset, or sorted by the key on both sides |
//! | which rows are computed | all that the filter sees, in any order of operands | as the server likes | not compared where a part has no value for some row |
//! | a float sum or product out of range | infinity | an error | not compared |
//! | `%` of floats | exact | none; written with `trunc`, inexact for large quotients | not compared |
//! | `i8` | 8 bits | 16 bits | not compared where 8 are too few |
#[path = "../../tests/differential/asked.rs"]
mod asked;
#[path = "../../tests/differential/check.rs"]
mod check;
#[path = "../../tests/differential/conditions.rs"]
mod conditions;
#[path = "../../tests/differential/events.rs"]
mod events;
#[path = "../../tests/differential/faults.rs"]
mod faults;
#[path = "../../tests/oracle/language/mod.rs"]
mod language;
#[path = "../../tests/plans/models.rs"]
mod models;
#[path = "../../tests/differential/pages.rs"]
mod pages;
mod postgres_server;
#[path = "../../tests/differential/related.rs"]
mod related;
#[path = "../../tests/differential/returning.rs"]
mod returning;
#[path = "../../tests/differential/server.rs"]
mod server;
#[path = "../../tests/differential/shop.rs"]
mod shop;
#[path = "../../tests/differential/truths.rs"]
mod truths;
#[path = "../../tests/differential/windows.rs"]
mod windows;

use check::{Case, Tally, case, check};
use language::Plant;
use language::hunt::{cases, find, given_seed, hunt_from};
use memorm_postgres_tests::Running;
use models::{Bare, Indexed};
use postgres_server::{Postgres, serve};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// The seed where none is given: the same cases in each run.
const SEED: u64 = 20;

/// The server of the tests that run.
static SERVER: Mutex<Weak<Running>> = Mutex::new(Weak::new());

/// Runs a test with a server, which it shares with those that run beside it; or says why there is none.
fn with_server(test: impl FnOnce()) {
    match server() {
        Ok(_running) => test(),
        Err(why) => println!("skipped: {why}"),
    }
}

fn server() -> Result<Arc<Running>, String> {
    let mut shared = SERVER.lock().expect("starting a server does not panic");
    if let Some(running) = shared.upgrade() {
        return Ok(running);
    }
    let started = Arc::new(Running::start()?);
    serve(&started);
    *shared = Arc::downgrade(&started);
    Ok(started)
}

#[test]
fn postgres_answers_the_same() {
    with_server(|| {
        let tally = Tally::default();
        let seed = given_seed().unwrap_or(SEED);
        // with an index on everything, and without any
        let check = |case: &Case| match case.rows.len() % 2 {
            0 => check::<Bare, Postgres>(case, Plant::Nothing, &tally),
            _ => check::<Indexed, Postgres>(case, Plant::Nothing, &tally),
        };
        let print = |case: &Case| format!("{case:#?}");
        hunt_from(seed, "postgres", cases("DIFFERENTIAL", 200), case::<Postgres>, check, print);
        let (compared, left) = (tally.compared.load(Ordering::Relaxed), tally.left.load(Ordering::Relaxed));
        println!("{compared} statements compared, {left} not");
        assert!(compared > left, "most statements are not compared: {compared} of {}", compared + left);
    });
}

#[test]
fn postgres_answers_the_same_of_related_tables() {
    with_server(|| {
        let compared = AtomicUsize::new(0);
        let seed = given_seed().unwrap_or(SEED);
        let check = |case: &related::Case| related::check::<Postgres>(case, None, &compared);
        let print = |case: &related::Case| format!("{case:#?}");
        hunt_from(seed, "postgres, related", cases("DIFFERENTIAL", 150), related::case, check, print);
        println!("{} statements compared", compared.load(Ordering::Relaxed));
    });
}

/// A checker that finds nothing proves nothing.
#[test]
fn a_planted_fault_is_found() {
    with_server(|| {
        for plant in [Plant::StaleIndex, Plant::UnstableSort] {
            let check = |case: &Case| check::<Bare, Postgres>(case, plant, &Tally::default());
            assert!(find(&case::<Postgres>(), 7, 60, 0, check).is_some(), "{plant:?} is not found");
        }
        for exchanged in [(" LEFT JOIN ", " JOIN "), ("avg(", "max("), (" IS NOT TRUE", " IS TRUE")] {
            let check = |case: &related::Case| {
                related::check::<Postgres>(case, Some(exchanged), &AtomicUsize::new(0))
            };
            assert!(find(&related::case(), 7, 100, 0, check).is_some(), "{exchanged:?} is not found");
        }
    });
}
