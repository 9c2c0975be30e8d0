//! What threads give: filters and sorts of a million rows, by the wall clock.
//!
//!     RAYON_NUM_THREADS=1 cargo bench -p memorm --features rayon --bench parallel
//!     cargo bench -p memorm --features rayon --bench parallel
//!
//! Milliseconds a statement, the median of nine rounds.

use memorm::prelude::*;
use std::hint::black_box;
use std::time::Instant;

const ROWS: u64 = 1_000_000;
const ROUNDS: usize = 9;

#[derive(Model, Clone)]
struct Row {
    #[model(primary_key)]
    id: u64,
    name: String,
    qty: i64,
}

fn mixed(n: u64) -> u64 {
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) >> 40
}

fn measure(name: &str, run: impl Fn() -> memorm::Result<usize>) -> memorm::Result<()> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(run()?);
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!("{name:<28}{:>9.1}", times[ROUNDS / 2]);
    Ok(())
}

fn main() -> memorm::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(()); // `cargo test --all-targets` runs this too
    }
    let db = Database::new();
    db.transaction(|s| {
        s.add_all((0..ROWS).map(|id| Row {
            id,
            name: format!("row {}", mixed(id)),
            qty: mixed(id + 1) as i64,
        }))?;
        Ok(())
    })?;
    let all = select::<Row>;
    measure("filter, one in a thousand", || Ok(all().filter((Row::QTY % 1_000).eq(3)).all(&db)?.len()))?;
    measure("filter by text", || Ok(all().filter(Row::NAME.like("%777%")).all(&db)?.len()))?;
    measure("filter, every second", || Ok(all().filter((Row::QTY % 2).eq(0)).all(&db)?.len()))?;
    measure("sum behind a filter", || {
        all().filter((Row::QTY % 10).eq(3)).aggregate(Row::QTY.sum(), &db).map(|sum| sum.is_some().into())
    })?;
    measure("sum of all", || all().aggregate(Row::QTY.sum(), &db).map(|sum| sum.is_some().into()))?;
    measure("groups of a column", || {
        all()
            .group_by(Row::QTY % 1_000)
            .aggregate((count(), Row::QTY.sum()))
            .all(&db)
            .map(|groups| groups.len())
    })?;
    measure("sort by a number", || Ok(all().order_by(Row::QTY).all(&db)?.len()))?;
    measure("sort by text", || Ok(all().order_by(Row::NAME).all(&db)?.len()))
}
