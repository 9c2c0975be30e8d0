//! mvcc-core: version chains over ordinary structs, with secondary indexes.
use super::{Peer, Sample, repeated, timed};
use crate::op::Op;
use crate::row::Row;
use crate::workload::{BATCH, Round, Step, Tick};
use mvcc::{Config, Database, Mvcc, Snapshot, Transaction};

#[derive(Mvcc, Clone, Debug)]
#[mvcc(table = "rows")]
struct MvccRow {
    #[mvcc(primary_key)]
    id: u64,
    #[allow(dead_code, reason = "stored, and never asked for")]
    name: String,
    qty: i64,
    /// Bits: a float is no index key there, and prices are not negative.
    #[mvcc(index)]
    price: u64,
    #[mvcc(index)]
    cat: u32,
}

pub struct MvccPeer {
    db: Database,
    last: u64,
}

impl Default for MvccPeer {
    fn default() -> Self {
        let db = Database::open(Config::in_memory()).expect("memory is there");
        db.register::<MvccRow>().expect("one model");
        Self { db, last: 0 }
    }
}

impl MvccPeer {
    fn insert(txn: &mut Transaction<'_, Snapshot>, last: &mut u64, row: Row) {
        *last += 1;
        let Row { name, qty, price, cat, .. } = row;
        let row = MvccRow { id: *last, name, qty, price: price.to_bits(), cat };
        txn.insert(row).expect("the keys differ");
    }

    fn insert_all(&mut self, rows: impl Iterator<Item = Row>) -> usize {
        let mut txn = self.db.begin();
        let units = rows.map(|row| Self::insert(&mut txn, &mut self.last, row)).count();
        txn.commit().expect("nobody else writes");
        units
    }

    fn update(&self, keys: &[u64], by: i64) {
        let mut txn = self.db.begin();
        for key in keys {
            txn.update::<MvccRow>(key, |row| row.qty += by).expect("nobody else writes");
        }
        txn.commit().expect("nobody else writes");
    }

    fn tick(&mut self, tick: Tick) -> i64 {
        let mut txn = self.db.begin();
        let mut sum = 0;
        for step in tick.steps {
            match step {
                Step::Get(key) => {
                    sum += txn.get::<MvccRow>(&key).expect("a live transaction").map_or(0, |row| row.qty);
                }
                Step::Update(key) => {
                    txn.update::<MvccRow>(&key, |row| row.qty += 1).expect("nobody else writes");
                }
                Step::Insert(row) => Self::insert(&mut txn, &mut self.last, row),
                Step::Delete(key) => {
                    txn.delete::<MvccRow>(&key).expect("nobody else writes");
                }
            }
        }
        let found = txn.scan_index(MvccRow::CAT, tick.cat..=tick.cat).expect("a live transaction");
        sum += found.iter().map(|row| row.id as i64).sum::<i64>();
        drop(found);
        txn.commit().expect("nobody else writes");
        sum
    }

    fn read(&self, op: Op, round: Round) -> Option<Sample> {
        let mut txn = self.db.begin();
        match op {
            Op::Get | Op::Peek => timed(|| {
                let mut sum = 0;
                for key in &round.keys {
                    sum += txn.get::<MvccRow>(key).expect("a live transaction").map_or(0, |row| row.qty);
                }
                (round.keys.len(), sum as f64)
            }),
            Op::ScanFilter | Op::ScanChanged => {
                let rows = txn.scan::<MvccRow>().expect("a live transaction").len();
                repeated(round.scans, || {
                    let found = txn.scan_where::<MvccRow, _>(|row| row.qty == 3).expect("a live transaction");
                    (rows, found.iter().map(|row| row.id).sum::<u64>() as f64)
                })
            }
            Op::ScanAll => repeated(round.scans, || {
                let all = txn.scan::<MvccRow>().expect("a live transaction");
                (all.len(), all.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::IndexEq => timed(|| {
                let mut sums = (0, 0);
                for cat in round.cats {
                    let found = txn.scan_index(MvccRow::CAT, cat..=cat).expect("a live transaction");
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            Op::IndexRange => timed(|| {
                let mut sums = (0, 0);
                for low in round.prices {
                    let range = low.to_bits()..=(low + 1.0).to_bits();
                    let found = txn.scan_index(MvccRow::PRICE, range).expect("a live transaction");
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            _ => None,
        }
    }
}

impl Peer for MvccPeer {
    fn name(&self) -> &'static str {
        "mvcc"
    }

    fn load(&mut self, rows: usize) {
        self.insert_all((0..rows as u64).map(Row::nth));
    }

    fn age(&mut self, keys: &[u64]) {
        keys.chunks(BATCH).for_each(|keys| self.update(keys, 0));
    }

    fn run(&mut self, op: Op, round: Round) -> Option<Sample> {
        match op {
            Op::InsertBulk => {
                let mut empty = Self::default();
                let sample = timed(|| (empty.insert_all(round.rows.into_iter()), 0.0))?;
                let mut txn = empty.db.begin();
                let last =
                    txn.get::<MvccRow>(&empty.last).expect("a live transaction").map_or(0, |row| row.qty);
                Some(Sample { answer: last as f64, ..sample })
            }
            Op::UpdateTxn | Op::ExclusiveUpdate => timed(|| {
                round.keys.chunks(BATCH).for_each(|keys| self.update(keys, 1));
                (round.keys.len(), 0.0)
            }),
            Op::UpdateStmt | Op::ExclusiveStmt => {
                let (rows, _) = self.state();
                let keys: Vec<u64> = {
                    let mut txn = self.db.begin();
                    txn.scan::<MvccRow>().expect("a live transaction").iter().map(|row| row.id).collect()
                };
                repeated(round.scans, || {
                    self.update(&keys, 1);
                    (rows, rows as f64)
                })
            }
            Op::CommitOne => timed(|| {
                round.keys.iter().for_each(|key| self.update(&[*key], 1));
                (round.keys.len(), 0.0)
            }),
            Op::CommitOnePinned => {
                let pin = self.db.begin();
                let sample = timed(|| {
                    round.keys.iter().for_each(|key| self.update(&[*key], 1));
                    (round.keys.len(), 0.0)
                });
                drop(pin);
                sample
            }
            Op::InsertOne => timed(|| {
                let units = round.rows.len();
                round.rows.into_iter().for_each(|row| {
                    self.insert_all(std::iter::once(row));
                });
                (units, 0.0)
            }),
            Op::DeleteOne => timed(|| {
                for key in &round.keys {
                    let mut txn = self.db.begin();
                    txn.delete::<MvccRow>(key).expect("nobody else writes");
                    txn.commit().expect("nobody else writes");
                }
                (round.keys.len(), 0.0)
            }),
            Op::MixedTick => timed(|| {
                let units = round.ticks.len();
                (units, round.ticks.into_iter().map(|tick| self.tick(tick)).sum::<i64>() as f64)
            }),
            _ => self.read(op, round),
        }
    }

    fn state(&mut self) -> (usize, i64) {
        let mut txn = self.db.begin();
        let all = txn.scan::<MvccRow>().expect("a live transaction");
        (all.len(), all.iter().map(|row| row.qty).sum())
    }
}
