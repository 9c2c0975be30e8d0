//! The same statements on SQLite: random rows and random questions, to one table and to related ones, each run by memorm
//! and, as `to_sql` writes it, by SQLite on the same rows.
//!
//! `DIFFERENTIAL=n` runs `n` cases of up to 40 questions, `ORACLE_SEED=s` those of another seed than the usual one.
//!
//! Where the two have different rules:
//!
//! | rule | memorm, as PostgreSQL | SQLite | here |
//! |---|---|---|---|
//! | row order without `order_by` | insertion order | none | SQL gets the key as the last sort key |
//! | order after a set operation | first seen | none | compared as a multiset, or sorted by the key on both sides |
//! | division by zero, overflow, a pattern that ends in `\` | an error | `NULL`, a float, the pattern without it | not compared, nor where such a part may be hidden |
//! | NaN | a value | `NULL` | no NaN in rows and literals |
//! | `-0.0` | kept, equals `0.0` | stored as `0.0` | equal |
//! | `lower`, `upper` | Unicode | ASCII | functions of the test's own |
//! | `ilike` | Unicode | ASCII | not compared |
#[path = "differential/asked.rs"]
mod asked;
#[path = "differential/check.rs"]
mod check;
#[path = "differential/conditions.rs"]
mod conditions;
#[path = "differential/events.rs"]
mod events;
#[path = "differential/faults.rs"]
mod faults;
#[path = "oracle/language/mod.rs"]
mod language;
#[path = "plans/models.rs"]
mod models;
#[path = "differential/pages.rs"]
mod pages;
#[path = "differential/related.rs"]
mod related;
#[path = "differential/returning.rs"]
mod returning;
#[path = "differential/server.rs"]
mod server;
#[path = "differential/shop.rs"]
mod shop;
#[path = "differential/sqlite.rs"]
mod sqlite;
#[path = "differential/truths.rs"]
mod truths;
#[path = "differential/windows.rs"]
mod windows;

use check::{Case, Tally, case, check};
use language::hunt::{cases, find, given_seed, hunt_from};
use language::{List, Plant};
use models::{Bare, Indexed};
use sqlite::Sqlite;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The seed where none is given: the same cases in each run.
const SEED: u64 = 20;

fn print(case: &Case) -> String {
    format!("{case:#?}")
}

/// The same questions to so many rows, where there are any.
fn repeated(case: &Case, rows: usize) -> Case {
    let rows: Vec<_> = case.rows.iter().cycle().take(rows).cloned().collect();
    Case { rows: List(rows), asks: case.asks.clone() }
}

#[test]
fn sqlite_answers_the_same() {
    let tally = Tally::default();
    let seed = given_seed().unwrap_or(SEED);
    // with an index on everything, and without any
    let check = |case: &Case| match case.rows.len() % 2 {
        0 => check::<Bare, Sqlite>(case, Plant::Nothing, &tally),
        _ => check::<Indexed, Sqlite>(case, Plant::Nothing, &tally),
    };
    hunt_from(seed, "differential", cases("DIFFERENTIAL", 750), case::<Sqlite>, check, print);
    let (compared, left) = (tally.compared.load(Ordering::Relaxed), tally.left.load(Ordering::Relaxed));
    println!("{compared} statements compared, {left} not");
    assert!(compared > left, "most statements are not compared: {compared} of {}", compared + left);
}

/// Scans of more rows than one thread reads alone.
#[test]
fn sqlite_answers_the_same_of_tables_that_several_threads_read() {
    let tally = Tally::default();
    let seed = given_seed().unwrap_or(SEED);
    let check = |case: &Case| check::<Bare, Sqlite>(&repeated(case, 9_000), Plant::Nothing, &tally);
    hunt_from(seed, "differential, long", cases("DIFFERENTIAL", 750) / 50, case::<Sqlite>, check, print);
    println!("{} statements compared", tally.compared.load(Ordering::Relaxed));
}

/// A checker that finds nothing proves nothing.
#[test]
fn a_planted_fault_is_found() {
    for plant in [Plant::StaleIndex, Plant::UnstableSort] {
        let found =
            find(&case::<Sqlite>(), 7, 300, 0, |case| check::<Bare, Sqlite>(case, plant, &Tally::default()));
        assert!(found.is_some(), "{plant:?} is not found");
    }
}

#[test]
fn sqlite_answers_the_same_of_related_tables() {
    let compared = AtomicUsize::new(0);
    let seed = given_seed().unwrap_or(SEED);
    let check = |case: &related::Case| related::check::<Sqlite>(case, None, &compared);
    hunt_from(seed, "differential, related", cases("DIFFERENTIAL", 600), related::case, check, |case| {
        format!("{case:#?}")
    });
    println!("{} statements compared", compared.load(Ordering::Relaxed));
}

#[test]
fn sql_that_asks_something_else_is_found() {
    let exchanges = [
        (" LEFT JOIN ", " JOIN "),
        (" IS NOT TRUE", " IS TRUE"),
        (" NOT IN ", " IN "),
        ("NOT EXISTS ", "EXISTS "),
        (" EXISTS ", " NOT EXISTS "),
        ("count(DISTINCT ", "count("),
        ("avg(", "max("),
        ("GROUP BY 1, 2", "GROUP BY 1"),
        (" OFFSET 1", ""),
        (" INTERSECT ", " EXCEPT "),
        ("SELECT DISTINCT ", "SELECT "),
        ("min(", "max("),
        ("\"qty\" + ?", "\"qty\" - ?"),
        ("lag(", "lead("),
        ("first_value(", "last_value("),
        ("\"id\" > ?", "\"id\" >= ?"),
        ("'%Y'", "'%m'"),
        ("json_extract(\"data\", ?) > ", "json_extract(\"data\", ?) < "),
        (" RETURNING \"id\", \"qty\" + ?", " RETURNING \"id\", \"qty\" - ?"),
        ("DELETE FROM \"notes\" WHERE", "DELETE FROM \"notes\" WHERE NOT"),
    ];
    for exchanged in exchanges {
        let check =
            |case: &related::Case| related::check::<Sqlite>(case, Some(exchanged), &AtomicUsize::new(0));
        let found = find(&related::case(), 7, 300, 0, check);
        assert!(found.is_some(), "{exchanged:?} is not found");
    }
}
