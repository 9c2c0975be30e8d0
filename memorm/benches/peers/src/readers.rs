//! Several threads, by the wall clock: readers beside readers, and readers beside a writer.
use crate::dummies;
use crate::measure::median;
use crate::row::{Random, Row};
use hashbrown::HashMap;
use memorm::prelude::*;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Peeks of one thread in one round.
const PEEKS: u64 = 1_000_000;
/// Peeks of a snapshot where a new one is taken again and again.
const SHORT: u64 = 1_000;
/// Rows of a commit of the writer that snapshots are taken beside.
const LARGE: u64 = 10_000;

/// What several threads reach.
#[derive(Clone, Copy, Debug)]
pub struct Readers {
    pub rows: usize,
    /// How many times as fast two threads peek as one.
    pub two_threads: f64,
    /// How fast a reader of one snapshot peeks beside a committing writer, against alone.
    pub beside_writer: f64,
    /// The same for a reader that takes a new snapshot every thousand peeks.
    pub newest_beside_writer: f64,
    /// A reader of a bare map beside a writer of another one, which share nothing but the machine: what is left to reach.
    pub map_beside_writer: f64,
    /// A reader who locks a bare map for every thousand peeks, beside a writer who locks it for each update.
    pub locked_map_beside_writer: f64,
    /// The slowest of a thousand calls of `snapshot()` beside commits of 10,000 rows, in nanoseconds.
    pub snapshot_p999: f64,
}

impl Readers {
    /// What the figures of a reader beside a writer are to be read against.
    pub fn controls(&self) -> [(&'static str, f64); 2] {
        [
            ("map_beside_writer", self.map_beside_writer),
            ("locked_map_beside_writer", self.locked_map_beside_writer),
        ]
    }

    /// The figures with their bars and whether they are met.
    pub fn verdicts(&self) -> [(&'static str, f64, f64, bool); 4] {
        [
            ("two_threads", self.two_threads, 1.7, self.two_threads >= 1.7),
            ("beside_writer", self.beside_writer, 0.8, self.beside_writer >= 0.8),
            ("newest_beside_writer", self.newest_beside_writer, 0.8, self.newest_beside_writer >= 0.8),
            ("snapshot_p999_ns", self.snapshot_p999, 3e6, self.snapshot_p999 <= 3e6),
        ]
    }
}

/// Runs `rounds` interleaved rounds of each and takes the medians.
pub fn readers(rows: usize, rounds: usize) -> Readers {
    let db = Database::new();
    dummies::register(&db).expect("the names differ");
    let mut session = db.session();
    session.add_all((0..rows as u64).map(Row::nth)).expect("the keys differ");
    session.commit().expect("nobody else writes");
    drop(session);
    let (mut two, mut beside, mut newest) = (Vec::new(), Vec::new(), Vec::new());
    // the first round only warms up
    for round in 0..=rounds {
        let ratio = |alone: Duration, other: Duration| alone.as_secs_f64() / other.as_secs_f64();
        let alone = peek(&db, rows, 1, PEEKS);
        let both = peek(&db, rows, 2, PEEKS);
        let watched = beside_writer(&db, rows, || peek(&db, rows, 1, PEEKS), 1);
        let short = peek(&db, rows, 1, SHORT);
        let short_watched = beside_writer(&db, rows, || peek(&db, rows, 1, SHORT), 1);
        if round > 0 {
            two.push(2.0 * ratio(alone, both));
            beside.push(ratio(alone, watched));
            newest.push(ratio(short, short_watched));
        }
    }
    let (map_beside_writer, locked_map_beside_writer) = maps(rows, rounds);
    let mut times = beside_writer(&db, rows, || snapshots(&db), LARGE);
    times.sort_by(f64::total_cmp);
    let snapshot_p999 = times[times.len() * 999 / 1_000];
    Readers {
        rows,
        two_threads: median(two),
        beside_writer: median(beside),
        newest_beside_writer: median(newest),
        map_beside_writer,
        locked_map_beside_writer,
        snapshot_p999,
    }
}

/// The time until all of `threads` have done their peeks, `held` in each snapshot.
fn peek(db: &Database, rows: usize, threads: u64, held: u64) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for seed in 0..threads {
            scope.spawn(move || {
                let mut random = Random::new(seed);
                for _ in 0..PEEKS / held {
                    let snapshot = db.snapshot();
                    for _ in 0..held {
                        let key = random.below(rows as u64) + 1;
                        black_box(snapshot.peek::<Row>(key).map(|row| row.qty));
                    }
                }
            });
        }
    });
    start.elapsed()
}

/// The time of each call of `snapshot()`.
fn snapshots(db: &Database) -> Vec<f64> {
    let end = Instant::now() + Duration::from_secs(3);
    let mut times = Vec::new();
    while Instant::now() < end {
        let start = Instant::now();
        drop(black_box(db.snapshot()));
        times.push(start.elapsed().as_nanos() as f64);
        // seldom enough that the writer is met in all its phases, and not by this reader alone
        thread::sleep(Duration::from_micros(50));
    }
    times
}

/// Runs `work` while a writer commits updates of `batch` rows without a pause.
fn beside_writer<T>(db: &Database, rows: usize, work: impl FnOnce() -> T, batch: u64) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random::new(7);
            let mut session = db.session();
            while !is_over.load(Ordering::Relaxed) {
                for _ in 0..batch {
                    let key = random.below(rows as u64) + 1;
                    session.update::<Row>(key, |row| row.qty += 1).expect("the row exists");
                }
                session.commit().expect("nobody else writes");
            }
        });
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        result
    })
}

/// How fast a reader of a bare map peeks beside a writer of another, and of the same under a lock, against alone.
fn maps(rows: usize, rounds: usize) -> (f64, f64) {
    let filled = || RwLock::new((0..rows as u64).map(|n| (n + 1, Arc::new(Row::nth(n)))).collect());
    let (read, other): (RwLock<Map>, RwLock<Map>) = (filled(), filled());
    let (mut apart, mut same) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        for (written, held, ratios) in [(&other, PEEKS, &mut apart), (&read, SHORT, &mut same)] {
            let alone = peek_map(&read, rows, held);
            let is_over = AtomicBool::new(false);
            let beside = thread::scope(|scope| {
                scope.spawn(|| update_map(written, rows, &is_over));
                let beside = peek_map(&read, rows, held);
                is_over.store(true, Ordering::Relaxed);
                beside
            });
            ratios.push(alone.as_secs_f64() / beside.as_secs_f64());
        }
    }
    (median(apart), median(same))
}

type Map = HashMap<u64, Arc<Row>>;

/// The time of the peeks of one thread, `held` of them under one lock.
fn peek_map(map: &RwLock<Map>, rows: usize, held: u64) -> Duration {
    let start = Instant::now();
    let mut random = Random::new(0);
    for _ in 0..PEEKS / held {
        let map = map.read().expect("no thread panics");
        for _ in 0..held {
            let key = random.below(rows as u64) + 1;
            black_box(map.get(&key).map(|row| row.qty));
        }
    }
    start.elapsed()
}

/// Updates a row under each lock until the reader is done.
fn update_map(map: &RwLock<Map>, rows: usize, is_over: &AtomicBool) {
    let mut random = Random::new(7);
    while !is_over.load(Ordering::Relaxed) {
        let key = random.below(rows as u64) + 1;
        if let Some(row) = map.write().expect("no thread panics").get_mut(&key) {
            Arc::make_mut(row).qty += 1;
        }
    }
}
