//! A back-test: twenty years of the stock market, day by day, and a thousand futures that did not happen.
//!
//! ```text
//! cargo run --release -p memorm --example backtest
//! ```
//!
//! Three accounts trade the S&P 500 from 2000 to 2020. Everything that a broker keeps in its books is a table: bars,
//! accounts, orders, fills, positions. Each day is one transaction, each fill a `nested` part of it: where an account
//! cannot pay, its `check` refuses, the attempt is undone and the order is marked as rejected. From the state at the
//! end of 2009 a thousand forks then live through a year that is drawn from the past, on all cores.
//!
//! | file | idea |
//! |---|---|
//! | `models` | the tables and their rules |
//! | `calendar`, `feed` | a column type of our own; the days that come in |
//! | `broker` | orders meet prices: matching, cash, positions |
//! | `strategies` | what to order, from what is known at the close |
//! | `simulation` | one day, one transaction |
//! | `what_if` | a thousand forks |
//! | `report`, `plots` | numbers and pictures |
//! | `audit` | what must add up |
//!
//! What goes to the standard output is the same on every run and machine; what depends on the clock goes to the standard
//! error. None of this is advice on how to invest.
pub mod audit;
pub mod broker;
pub mod calendar;
pub mod feed;
pub mod models;
pub mod plots;
pub mod report;
pub mod simulation;
pub mod strategies;
pub mod what_if;

use calendar::Date;
use memorm::prelude::*;
use memorm::{Error, Result};
use models::{Account, Bar, InstrumentId, Mark, Order, Status};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use what_if::{Future, WhatIf};

/// The last day before the futures.
const MIDWAY: Date = Date::new(2009, 12, 31);
/// How long the futures last, in trading days, and how many there are.
const DAYS: usize = 252;
const PATHS: u64 = 1_000;

/// A run through all days.
struct History {
    bars: Vec<Bar>,
    instrument_id: InstrumentId,
    /// The books as they were at the end of `MIDWAY`.
    midway: Database,
    /// The books at the end.
    books: Database,
}

fn main() -> Result<()> {
    let start = Instant::now();
    let history = run()?;
    let days = history.bars.len();
    tell("back-test", days, simulation::operations(&history.books)?, start.elapsed());
    let report = report::text(&history.books)?;
    println!("{report}");

    audit::check(&history.books, history.instrument_id)?;
    let is_rejected = Order::STATUS.eq(Status::Rejected);
    assert!(
        select::<Order>().filter(is_rejected).exists(&history.books)?,
        "some gap at the open is too dear"
    );
    assert_eq!(report, report::text(&run()?.books)?, "a second run gives the same report");

    let futures = live_futures(&history)?;
    let outcomes = futures.into_iter().flat_map(|future| future.outcomes);
    // the outcomes refer to the accounts, so they go where these are
    let results = history.midway.fork();
    let mut session = results.session();
    session.add_all(outcomes)?;
    session.commit()?;
    println!("{PATHS} times {DAYS} days from {MIDWAY} on, drawn from the days before\n");
    println!("{}", report::futures(&results)?);

    let folder = output_folder()?;
    plots::equity(&history.books, &folder.join("equity.svg"))?;
    plots::futures(&results, &folder.join("futures.svg"))?;
    eprintln!("pictures: {}", folder.display());
    Ok(())
}

/// Lives through all days.
fn run() -> Result<History> {
    let (books, instrument_id) = simulation::start()?;
    let bars = feed::bars(instrument_id)?;
    let mut midway = None;
    for bar in &bars {
        simulation::trade(&books, bar)?;
        if bar.date == MIDWAY {
            midway = Some(books.fork());
        }
    }
    let midway = midway.ok_or_else(|| Error::other(format!("there is no bar of {MIDWAY}")))?;
    Ok(History { bars, instrument_id, midway, books })
}

/// Lives through all futures, and sees to it that the present does not notice.
fn live_futures(history: &History) -> Result<Vec<Future>> {
    let midway = &history.midway;
    let days_after = history.bars.iter().filter(|bar| bar.date > MIDWAY);
    let calendar: Vec<Date> = days_after.map(|bar| bar.date).take(DAYS).collect();
    let what_if = WhatIf::new(midway, &calendar)?;
    let before = midway.snapshot();

    let start = Instant::now();
    let threads = available_parallelism().map_or(1, usize::from);
    let futures = what_if.live(PATHS, threads)?;
    let operations = futures.iter().map(|future| future.operations).sum();
    tell(&format!("what-if on {threads} threads"), DAYS * PATHS as usize, operations, start.elapsed());

    for threads in [1, 3] {
        assert_eq!(futures[..20], what_if.live(20, threads)?, "the number of threads does not matter");
    }
    assert_untouched::<Account>(&before, midway)?;
    assert_untouched::<Bar>(&before, midway)?;
    assert_untouched::<Order>(&before, midway)?;
    assert_untouched::<Mark>(&before, midway)?;
    audit::check(midway, history.instrument_id)?;
    Ok(futures)
}

/// Every row is still the very object that it was.
fn assert_untouched<M: Model>(before: &Snapshot, now: &Database) -> Result<()> {
    assert_eq!(before.version(), now.version());
    let (before, now) = (select::<M>().all(before)?, select::<M>().all(now)?);
    assert!(before.len() == now.len() && before.iter().zip(&now).all(|(old, new)| Arc::ptr_eq(old, new)));
    Ok(())
}

fn tell(what: &str, days: usize, operations: usize, time: Duration) {
    let per_second = operations as f64 / time.as_secs_f64();
    let micros = time.as_micros() as f64 / days as f64;
    eprintln!(
        "{what}: {days} days in {time:.2?}, {micros:.1} µs a day; {operations} operations, {per_second:.0} a second"
    );
}

/// `target/backtest`, wherever the program is started.
fn output_folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/backtest");
    std::fs::create_dir_all(&folder).map_err(Error::other)?;
    folder.canonicalize().map_err(Error::other)
}
