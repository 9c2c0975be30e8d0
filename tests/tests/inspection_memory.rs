//! The estimate of `db.stats()` against the allocator's own count. One test: the count is the process's.
use memorm::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn used() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

#[derive(Model, Clone)]
struct Plain {
    #[model(primary_key)]
    id: u64,
    qty: i64,
    price: f64,
}

#[derive(Model, Clone)]
struct Named {
    #[model(primary_key)]
    name: String,
    #[model(index)]
    price: f64,
    #[model(index)]
    category: u32,
    #[model(unique)]
    code: String,
    note: Option<String>,
    #[model(index)]
    label: String,
}

/// The estimate over the bytes in use.
fn ratio<M: Model>(make: fn(u64) -> M, rows: u64) -> f64 {
    let before = used();
    let db = Database::new();
    {
        let mut session = db.session();
        session.add_all((0..rows).map(make)).expect("the rows are sound");
        session.commit().expect("nobody else writes");
    }
    let real = used() - before;
    db.stats().bytes() as f64 / real as f64
}

#[test]
fn the_estimate_of_bytes_is_within_a_quarter_of_what_the_allocator_counts() {
    let plain = |id| Plain { id, qty: 1, price: 2.0 };
    let named = |id: u64| Named {
        name: format!("a name that is not short {id}"),
        price: (id * 7919 % 100_003) as f64,
        category: (id % 20) as u32,
        code: format!("{id:x}"),
        note: id.is_multiple_of(2).then(|| "a note".to_owned()),
        label: format!("{}", id % 500),
    };
    for rows in [1_000, 20_000, 100_000] {
        for (table, ratio) in [("plain", ratio(plain, rows)), ("named", ratio(named, rows))] {
            println!("{table} {rows}: {ratio:.3}");
            assert!(
                (0.75..1.25).contains(&ratio),
                "{table} of {rows} rows: estimated {ratio:.2} of the real"
            );
        }
    }
}
