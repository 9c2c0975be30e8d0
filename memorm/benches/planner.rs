//! What the choice of indexes gives: the chosen way against a scan and against one index alone.
//!
//!     cargo bench -p memorm --bench planner
//!
//! CPU time of this thread for each query over 100,000 rows, in microseconds: the median of seven rounds, taken in turns.
//! `loss` is the chosen way against the best of the three others; those are the same rows in tables with fewer indexes.
//! Lists of values are asked of a key, of an index and of a column without one, which all hold the same.

use cpu_time::ThreadTime;
use memorm::prelude::*;
use std::hint::black_box;

const ROWS: u64 = 100_000;
const ROUNDS: usize = 7;
/// How many of a thousand rows each of the two conditions lets pass.
const GRID: [u32; 9] = [1, 5, 10, 20, 50, 80, 120, 300, 1_000];

macro_rules! tables { ($($Row:ident: $($a:meta)?, $($b:meta)?;)*) => { $(
    #[derive(Model, Clone)]
    struct $Row {
        #[model(primary_key)]
        id: u64,
        $(#[$a])?
        a: u32,
        $(#[$b])?
        b: u32,
    }
    impl $Row {
        fn fill(session: &mut Session) -> memorm::Result<()> {
            session.add_all((0..ROWS).map(|id| Self { id, a: mixed(id), b: mixed(id + ROWS) }))?;
            Ok(())
        }
        fn both(db: &Database, a: u32, b: u32) -> memorm::Result<f64> {
            let query = select::<Self>().filter(Self::A.lt(a) & Self::B.lt(b));
            timed(|| query.all(db).map(|rows| rows.len()))
        }
        fn either(db: &Database, a: u32, b: u32) -> memorm::Result<f64> {
            let query = select::<Self>().filter(Self::A.lt(a) | Self::B.lt(b));
            timed(|| query.all(db).map(|rows| rows.len()))
        }
    }
)* } }
tables! {
    Bare: ,;
    First: model(index),;
    Second: , model(index);
    Both: model(index), model(index);
}

fn mixed(n: u64) -> u32 {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 33) as u32
        % 1_000
}

fn timed(run: impl Fn() -> memorm::Result<usize>) -> memorm::Result<f64> {
    let start = ThreadTime::now();
    black_box(run()?);
    Ok(start.elapsed().as_secs_f64() * 1e6)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

type Run = fn(&Database, u32, u32) -> memorm::Result<f64>;

fn grid(db: &Database, name: &str, runs: [Run; 4]) -> memorm::Result<()> {
    println!(
        "\n{name}\n{:>7}{:>7}{:>10}{:>10}{:>10}{:>10}{:>8}",
        "a", "b", "scan", "a alone", "b alone", "chosen", "loss"
    );
    for a in GRID {
        for b in GRID.into_iter().filter(|b| *b >= a) {
            let mut times = [const { Vec::new() }; 4];
            for _ in 0..ROUNDS {
                for (times, run) in times.iter_mut().zip(runs) {
                    times.push(run(db, a, b)?);
                }
            }
            let [scan, first, second, chosen] = times.map(median);
            let best = scan.min(first).min(second);
            println!(
                "{a:>7}{b:>7}{scan:>10.0}{first:>10.0}{second:>10.0}{chosen:>10.0}{:>7.0}%",
                (chosen / best - 1.0) * 100.0
            );
        }
    }
    Ok(())
}

#[derive(Model, Clone)]
struct Listed {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    indexed: u64,
    plain: u64,
}

fn lists(db: &Database) -> memorm::Result<()> {
    println!("\nlists\n{:>7}{:>10}{:>10}{:>10}", "values", "scan", "index", "key");
    for values in [100, 1_000, 2_000, 5_000, 9_000] {
        let list: Vec<u64> = (0..values).map(|i| i * 7_919 % ROWS).collect();
        let queries = [Listed::PLAIN, Listed::INDEXED, Listed::ID]
            .map(|column| select::<Listed>().filter(column.in_(&list)));
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            for (times, query) in times.iter_mut().zip(&queries) {
                times.push(timed(|| query.all(db).map(|rows| rows.len()))?);
            }
        }
        let [scan, index, key] = times.map(median);
        println!("{values:>7}{scan:>10.0}{index:>10.0}{key:>10.0}");
    }
    Ok(())
}

fn main() -> memorm::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(()); // `cargo test --all-targets` runs this too
    }
    let db = Database::new();
    db.transaction(|s| {
        Bare::fill(s)?;
        First::fill(s)?;
        Second::fill(s)?;
        Both::fill(s)?;
        s.add_all((0..ROWS).map(|id| Listed { id, indexed: id, plain: id }))
    })?;
    lists(&db)?;
    grid(&db, "a and b", [Bare::both, First::both, Second::both, Both::both])?;
    grid(&db, "a or b", [Bare::either, First::either, Second::either, Both::either])
}
