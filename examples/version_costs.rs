//! What versions cost: forks that write, checkpoints, and whoever watches commits.
//!
//! ```text
//! cargo run --release -p memorm --example version_costs              # 100,000 rows, a few seconds
//! cargo run --release -p memorm --example version_costs -- --full    # 1,000,000 rows: minutes, and gigabytes
//! ```
//!
//! Time is CPU time of this thread; bytes are what the allocator has handed out and not got back. Counting adds some 15 %
//! to the times. All forks and all checkpoints stay alive until the last is counted.
use cpu_time::ThreadTime;
use memorm::prelude::*;
use memorm::{Error, Result};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes in use.
fn used() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

#[derive(Model, Clone, Debug)]
#[model(table = "items", constructor = new)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    qty: i64,
    #[model(index)]
    price: f64,
}

/// How much is measured.
struct Scale {
    rows: u64,
    forks: usize,
    checkpoints: usize,
}

impl Scale {
    fn from_arguments() -> Result<Self> {
        let mut arguments = std::env::args().skip(1);
        match (arguments.next().as_deref(), arguments.next()) {
            (None, _) => Ok(Self { rows: 100_000, forks: 1_000, checkpoints: 100 }),
            (Some("--full"), None) => Ok(Self { rows: 1_000_000, forks: 10_000, checkpoints: 1_000 }),
            _ => Err(Error::other("usage: version_costs [--full]")),
        }
    }
}

/// Writes in each fork.
const WRITES: u64 = 100;
/// Commits that are timed.
const COMMITS: u64 = 20_000;

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn world(rows: u64) -> Result<Database> {
    let db = Database::new();
    let mut random = Random(7);
    db.transaction(|s| s.add_all((0..rows).map(|_| Item::new(0, random.below(1_000_000) as f64))))?;
    Ok(db)
}

/// Updates so many random rows in one commit.
fn write(db: &Database, rows: u64, writes: u64, random: &mut Random, change: fn(&mut Item)) -> Result<()> {
    db.transaction(|s| {
        for _ in 0..writes {
            s.update::<Item>(1 + random.below(rows), change)?;
        }
        Ok(())
    })
}

/// Forks that each write on their own, all held until the end.
fn forks(name: &str, db: &Database, scale: &Scale, change: fn(&mut Item)) -> Result<()> {
    let mut random = Random(11);
    let mut held = Vec::with_capacity(scale.forks);
    let (start, clock) = (used(), ThreadTime::now());
    for _ in 0..scale.forks {
        let fork = db.fork();
        write(&fork, scale.rows, WRITES, &mut random, change)?;
        held.push(fork);
    }
    let time = clock.elapsed().as_nanos() as f64 / scale.forks as f64;
    let bytes = (used() - start) / held.len();
    println!("{} forks, {WRITES} writes of {name} in each:", held.len());
    println!("  {:.1} us a fork ({:.0} ns a write), {bytes} bytes a fork", time / 1e3, time / WRITES as f64);
    drop(held);
    let left = used().saturating_sub(start);
    assert!(left < 100_000, "{left} bytes are left of the forks");
    Ok(())
}

/// Checkpoints, a hundredth of the rows changed between one and the next.
fn checkpoints(db: &Database, scale: &Scale) -> Result<()> {
    let (start, clock) = (used(), ThreadTime::now());
    let mut random = Random(13);
    let changed = scale.rows / 100;
    for n in 0..scale.checkpoints {
        write(db, scale.rows, changed, &mut random, |item| item.qty += 1)?;
        db.checkpoint(format!("after {n}"));
    }
    let time = clock.elapsed().as_secs_f64() * 1e3 / scale.checkpoints as f64;
    let bytes = used() - start;
    // the rows that were replaced, as they lie in memory: two counts before each
    let changes =
        (scale.checkpoints as u64 * changed) as usize * (size_of::<Item>() + 2 * size_of::<usize>());
    println!("{} checkpoints, {changed} of {} rows changed between two:", scale.checkpoints, scale.rows);
    println!(
        "  {time:.2} ms a checkpoint, {:.1} MB in all: {:.1} times the changed rows ({:.1} MB)",
        bytes as f64 / 1e6,
        bytes as f64 / changes as f64,
        changes as f64 / 1e6
    );
    for (name, _) in db.checkpoints() {
        assert!(db.forget(&name));
    }
    let left = used().saturating_sub(start);
    assert!(left < bytes / 20 + 100_000, "{left} bytes are left of the checkpoints");
    Ok(())
}

/// CPU time of a commit of one row, in nanoseconds; `after` runs after each, and is counted.
fn commit_one(db: &Database, rows: u64, mut after: impl FnMut()) -> Result<f64> {
    let mut random = Random(17);
    let mut session = db.session();
    let mut round = || -> Result<f64> {
        let clock = ThreadTime::now();
        for _ in 0..COMMITS {
            session.update::<Item>(1 + random.below(rows), |item| item.qty += 1)?;
            session.commit()?;
            after();
        }
        Ok(clock.elapsed().as_nanos() as f64 / COMMITS as f64)
    };
    let mut times = (0..5).map(|_| round()).collect::<Result<Vec<_>>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times[2])
}

/// What a commit of one row costs while somebody watches.
fn watchers(db: &Database, rows: u64) -> Result<()> {
    println!("a commit of one row:");
    let alone = commit_one(db, rows, || {})?;
    let show = |who: &str, time: f64| println!("  {who:<34} {time:>6.0} ns  {:.1}", time / alone);
    show("alone", alone);

    let mut feed = db.subscribe();
    let mut seen = 0;
    let read = commit_one(db, rows, || seen += usize::from(feed.try_next().is_some()))?;
    show("a feed, each commit taken", read);
    let mut rows_seen = 0;
    let read = commit_one(db, rows, || {
        rows_seen += feed.try_next().map_or(0, |commit| commit.of::<Item>().len());
    })?;
    show("a feed, each changed row looked at", read);
    show("a feed that nobody reads", commit_one(db, rows, || {})?);
    drop(feed);
    assert_eq!(seen, rows_seen, "each commit has one row");

    let hook = db.on_commit(|_| Ok::<_, String>(()));
    show("a hook that does nothing", commit_one(db, rows, || {})?);
    hook.remove();
    let hook = db.on_commit(|commit| match commit.of::<Item>().len() {
        1 => Ok(()),
        n => Err(format!("{n} rows at once")),
    });
    show("a hook that looks at the row", commit_one(db, rows, || {})?);
    hook.remove();

    let kept = Database::builder().history(1_000).build();
    let mut random = Random(7);
    kept.transaction(|s| s.add_all((0..rows).map(|_| Item::new(0, random.below(1_000_000) as f64))))?;
    show("history(1_000)", commit_one(&kept, rows, || {})?);
    let snapshot = db.snapshot();
    show("an old snapshot is held", commit_one(db, rows, || {})?);
    drop(snapshot);
    let mut snapshot = db.snapshot();
    show("a new snapshot after each", commit_one(db, rows, || snapshot = db.snapshot())?);
    assert_eq!(snapshot.version(), db.version());
    Ok(())
}

fn main() -> Result<()> {
    let scale = Scale::from_arguments()?;
    let db = world(scale.rows)?;
    println!("a world of {} rows", scale.rows);
    forks("a plain column", &db, &scale, |item| item.qty += 1)?;
    forks("an indexed column", &db, &scale, |item| item.price += 1.5)?;
    watchers(&db, scale.rows)?;
    checkpoints(&db, &scale)
}
