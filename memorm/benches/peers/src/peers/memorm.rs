//! memorm itself.
use super::{Peer, Sample, repeated, timed};
use crate::dummies;
use crate::op::Op;
use crate::row::{Row, Vendor};
use crate::seed;
use crate::workload::{BATCH, Round, Step, Tick};
use memorm::prelude::*;

pub struct MemormPeer {
    db: Database,
    session: Session,
    rows: usize,
    /// What `old_snapshots` has made.
    old: Option<(Snapshot, Snapshot)>,
}

fn database() -> Database {
    let db = Database::new();
    dummies::register(&db).expect("the names differ");
    db.register::<Row>().expect("the names differ");
    db
}

impl Default for MemormPeer {
    fn default() -> Self {
        let db = database();
        Self { session: db.session(), db, rows: 0, old: None }
    }
}

impl MemormPeer {
    fn update(&mut self, key: u64) {
        self.session.update::<Row>(key, |row| row.qty += 1).expect("the row exists");
    }

    fn commit(&mut self) {
        self.session.commit().expect("nobody else writes");
    }

    fn tick(&mut self, tick: Tick) -> i64 {
        let mut sum = 0;
        for step in tick.steps {
            match step {
                Step::Get(key) => sum += self.session.get::<Row>(key).map_or(0, |row| row.qty),
                Step::Update(key) => drop(self.session.update::<Row>(key, |row| row.qty += 1)),
                Step::Insert(row) => drop(self.session.add(row)),
                Step::Delete(key) => drop(self.session.delete_by_key::<Row>(key)),
            }
        }
        let found = select::<Row>().filter(Row::CAT.eq(tick.cat)).all(&self.session).expect("no arithmetic");
        sum += found.iter().map(|row| row.id as i64).sum::<i64>();
        self.commit();
        sum
    }

    fn bulk(rows: Vec<Row>) -> Option<Sample> {
        let db = database();
        let sample = timed(|| {
            let mut session = db.session();
            let units = session.add_all(rows).expect("the keys differ").len();
            session.commit().expect("nobody else writes");
            (units, 0.0)
        })?;
        let answer = db.snapshot().get::<Row>(sample.units as u64).map_or(0, |row| row.qty);
        Some(Sample { answer: answer as f64, ..sample })
    }

    /// A version that is 200 updates of every row old, and one whose rows were never updated.
    fn old_snapshots(&mut self) -> &(Snapshot, Snapshot) {
        self.old.get_or_insert_with(|| {
            let dbs = [database(), database()];
            let mut sessions = dbs.each_ref().map(Database::session);
            // in turns, so that both lie on the heap alike
            for rows in (0..self.rows as u64).collect::<Vec<_>>().chunks(1_000) {
                for session in &mut sessions {
                    session.add_all(rows.iter().map(|n| Row::nth(*n))).expect("the keys differ");
                }
            }
            for mut session in sessions {
                session.commit().expect("nobody else writes");
            }
            let [written, untouched] = dbs;
            let old = written.snapshot();
            let mut session = written.session();
            for _ in 0..200 {
                update::<Row>().set(Row::QTY, Row::QTY + 1).exec(&mut session).expect("no overflow");
                session.commit().expect("nobody else writes");
            }
            (old, untouched.snapshot())
        })
    }

    /// Two versions that differ in a hundred rows.
    fn unlike_in_100(&self) -> [Snapshot; 2] {
        let fork = self.db.fork();
        let before = fork.snapshot();
        let step = (self.rows as u64 / 100).max(1);
        let changed = fork.transaction(|s| {
            (0..100).try_for_each(|n| s.update::<Row>(1 + n * step, |row| row.qty += 1).map(drop))
        });
        changed.expect("the rows exist");
        [before, fork.snapshot()]
    }

    /// Compares them again and again.
    fn diff_100(&self) -> Option<Sample> {
        let [before, after] = self.unlike_in_100();
        timed(|| {
            let changes = (0..100).map(|_| after.diff(&before).of::<Row>().len());
            (100, changes.sum::<usize>() as f64)
        })
    }

    /// Compares them after a scan of all rows each time, which leaves little of them in the caches.
    fn diff_100_scanned(&self) -> Option<Sample> {
        let [before, after] = self.unlike_in_100();
        let samples = (0..5).filter_map(|_| {
            scan(&after, 1)?;
            timed(|| (1, after.diff(&before).of::<Row>().len() as f64))
        });
        samples.reduce(|a, b| Sample {
            ns: a.ns + b.ns,
            units: a.units + b.units,
            answer: a.answer + b.answer,
            ..a
        })
    }

    /// The same rows with a write near each, so that nothing is left that an earlier scan has kept of them.
    fn changed_everywhere(&self) -> Snapshot {
        let fork = self.db.fork();
        let written = fork.transaction(|s| {
            (1..=self.rows as u64)
                .step_by(200)
                .try_for_each(|key| s.update::<Row>(key, |row| row.qty += 0).map(drop))
        });
        written.expect("the rows exist");
        fork.snapshot()
    }

    /// Scans the version that is 200 updates old, and one that is fresh.
    fn scan_versions(&mut self, times: usize) -> Option<Sample> {
        let (old, fresh) = self.old_snapshots();
        let fresh = scan(fresh, times)?;
        Some(Sample { fresh: Some(fresh.ns / fresh.units as f64), ..scan(old, times)? })
    }
}

/// The sum of the keys with one quantity.
fn filtered(snapshot: &Snapshot) -> f64 {
    let found = select::<Row>().filter(Row::QTY.eq(3)).all(snapshot).expect("no arithmetic");
    found.iter().map(|row| row.id).sum::<u64>() as f64
}

fn joined() -> Select<(Row, Vendor)> {
    select::<Row>().join_on::<Vendor>(on(Row::CAT).eq(on(Vendor::ID)))
}

fn scan(snapshot: &Snapshot, times: usize) -> Option<Sample> {
    repeated(times, || {
        let rows = select::<Row>().all(snapshot).expect("no arithmetic");
        (rows.len(), rows.iter().map(|row| row.qty).sum::<i64>() as f64)
    })
}

impl Peer for MemormPeer {
    fn name(&self) -> &'static str {
        "memorm"
    }

    fn load(&mut self, rows: usize) {
        self.session.add_all((0..rows as u64).map(Row::nth)).expect("the keys differ");
        self.session.add_all(Vendor::all()).expect("the keys differ");
        self.commit();
        self.rows = rows;
    }

    fn age(&mut self, keys: &[u64]) {
        for keys in keys.chunks(BATCH) {
            for key in keys {
                let row = self.session.get::<Row>(*key).expect("the row exists");
                self.session.merge(Row::clone(&row)).expect("the row is sound");
            }
            self.commit();
        }
        self.session = self.db.session();
    }

    fn run(&mut self, op: Op, round: Round) -> Option<Sample> {
        let rows = self.rows;
        let snapshot = self.db.snapshot();
        match op {
            Op::Get => timed(|| {
                let session = &self.session;
                let qty = |key: &u64| session.get::<Row>(*key).map_or(0, |row| row.qty);
                (round.keys.len(), round.keys.iter().map(qty).sum::<i64>() as f64)
            }),
            Op::Peek => timed(|| {
                let qty = |key: &u64| snapshot.peek::<Row>(*key).map_or(0, |row| row.qty);
                (round.keys.len(), round.keys.iter().map(qty).sum::<i64>() as f64)
            }),
            Op::ScanFilter => repeated(round.scans, || (rows, filtered(&snapshot))),
            Op::ScanChanged => {
                let changed: Vec<Snapshot> = (0..round.scans).map(|_| self.changed_everywhere()).collect();
                let mut changed = changed.iter();
                repeated(round.scans, || (rows, changed.next().map_or(0.0, filtered)))
            }
            Op::ScanAll => scan(&snapshot, round.scans),
            Op::Sum => repeated(round.scans, || {
                let sum = select::<Row>().filter(Row::QTY.lt(50)).aggregate(Row::PRICE.sum(), &snapshot);
                (rows, sum.expect("a sum of floats").unwrap_or(0.0))
            }),
            Op::IndexEq => timed(|| {
                let mut sums = (0, 0);
                for cat in round.cats {
                    let found =
                        select::<Row>().filter(Row::CAT.eq(cat)).all(&snapshot).expect("no arithmetic");
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            Op::IndexRange => timed(|| {
                let mut sums = (0, 0);
                for low in round.prices {
                    let range = Row::PRICE.between(low, low + 1.0);
                    let found = select::<Row>().filter(range).all(&snapshot).expect("no arithmetic");
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            Op::TopK => repeated(round.scans, || {
                let top = select::<Row>().order_by(Row::QTY.desc()).limit(10).all(&snapshot);
                (rows, top.expect("no arithmetic").iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::Join => repeated(round.scans, || {
                let found = joined().all(&snapshot).expect("no arithmetic");
                (rows, found.iter().map(|(row, vendor)| row.id + u64::from(vendor.id)).sum::<u64>() as f64)
            }),
            Op::JoinSum => repeated(round.scans, || {
                let sums = joined().aggregate((Row::QTY.sum(), count_of(on(Vendor::NAME))), &snapshot);
                let (sum, count) = sums.expect("a sum of a few bits");
                (rows, (sum.unwrap_or(0) + i128::from(count)) as f64)
            }),
            Op::Group => repeated(round.scans, || {
                let groups = select::<Row>().group_by(Row::CAT % 16).aggregate((
                    count(),
                    Row::QTY.sum(),
                    Row::PRICE.avg(),
                ));
                let groups = groups.all(&snapshot).expect("a sum of a few bits");
                let digest = |(cat, (n, sum, avg)): &(u32, (u64, Option<i128>, Option<f64>))| {
                    f64::from(*cat) + *n as f64 + sum.unwrap_or(0) as f64 + avg.unwrap_or(0.0).round()
                };
                (rows, groups.iter().map(digest).sum())
            }),
            Op::Diff100 => self.diff_100(),
            Op::Diff100Scanned => self.diff_100_scanned(),
            Op::Fork => timed(|| {
                (0..10_000).for_each(|_| drop(self.db.fork()));
                (10_000, 0.0)
            }),
            Op::InsertBulk => Self::bulk(round.rows),
            Op::OldSnapshotScan => self.scan_versions(round.scans),
            Op::Seed => seed::memorm(),
            _ => {
                let pin = (op == Op::CommitOnePinned).then_some(snapshot);
                let sample = self.write(op, round);
                drop(pin);
                sample
            }
        }
    }

    fn state(&mut self) -> (usize, i64) {
        let rows = select::<Row>().all(&self.db).expect("no arithmetic");
        (rows.len(), rows.iter().map(|row| row.qty).sum())
    }
}

impl MemormPeer {
    /// The direct path, which wants no session to be open.
    fn write_exclusively(&mut self, op: Op, round: Round) -> Option<Sample> {
        self.session = Database::new().session();
        let rows = self.rows;
        let mut hot = self.db.exclusive().expect("no session is open");
        let sample = match op {
            Op::ExclusiveUpdate => timed(|| {
                for key in &round.keys {
                    hot.update::<Row>(*key, |row| row.qty += 1).expect("the row exists");
                }
                (round.keys.len(), 0.0)
            }),
            _ => repeated(round.scans, || {
                let updated = update::<Row>().set(Row::QTY, Row::QTY + 1).exec(&mut hot);
                (rows, updated.expect("no overflow") as f64)
            }),
        };
        drop(hot);
        self.session = self.db.session();
        sample
    }

    fn write(&mut self, op: Op, round: Round) -> Option<Sample> {
        let rows = self.rows;
        match op {
            Op::ExclusiveUpdate | Op::ExclusiveStmt => self.write_exclusively(op, round),
            Op::UpdateTxn => timed(|| {
                for keys in round.keys.chunks(BATCH) {
                    keys.iter().for_each(|key| self.update(*key));
                    self.commit();
                }
                (round.keys.len(), 0.0)
            }),
            Op::UpdateStmt => repeated(round.scans, || {
                let updated = update::<Row>().set(Row::QTY, Row::QTY + 1).exec(&mut self.session);
                self.commit();
                (rows, updated.expect("no overflow") as f64)
            }),
            Op::CommitOne | Op::CommitOnePinned => timed(|| {
                for key in &round.keys {
                    self.update(*key);
                    self.commit();
                }
                (round.keys.len(), 0.0)
            }),
            Op::InsertOne => timed(|| {
                let units = round.rows.len();
                for row in round.rows {
                    self.session.add(row).expect("the keys differ");
                    self.commit();
                }
                (units, 0.0)
            }),
            Op::DeleteOne => timed(|| {
                for key in &round.keys {
                    self.session.delete_by_key::<Row>(*key).expect("nothing refers to it");
                    self.commit();
                }
                (round.keys.len(), 0.0)
            }),
            Op::MixedTick => timed(|| {
                let units = round.ticks.len();
                (units, round.ticks.into_iter().map(|tick| self.tick(tick)).sum::<i64>() as f64)
            }),
            _ => None,
        }
    }
}
