//! A bare hash map of shared rows with index maps kept by hand: the limit for anything with keys.
use super::{Peer, Sample, repeated, timed};
use crate::op::Op;
use crate::row::Row;
use crate::workload::{Round, Step, Tick};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

#[derive(Default)]
pub struct HashMapPeer {
    store: Store,
    /// The rows in a vector, for scans. Dropped before writes, which would otherwise have to copy.
    scan: Vec<Arc<Row>>,
}

/// The rows by key, and the index maps.
#[derive(Default)]
pub struct Store {
    rows: HashMap<u64, Arc<Row>>,
    by_cat: HashMap<u32, HashSet<u64>>,
    /// Prices are not negative: their bits are in the same order.
    by_price: BTreeSet<(u64, u64)>,
    last: u64,
}

impl Store {
    /// A store of the first `rows` rows.
    pub fn filled(rows: usize) -> Self {
        let mut store = Self::default();
        (0..rows as u64).for_each(|n| store.insert(Row::nth(n)));
        store
    }

    fn insert(&mut self, mut row: Row) {
        self.last += 1;
        row.id = self.last;
        self.by_cat.entry(row.cat).or_default().insert(row.id);
        self.by_price.insert((row.price.to_bits(), row.id));
        self.rows.insert(row.id, Arc::new(row));
    }

    fn update(&mut self, key: u64) {
        if let Some(row) = self.rows.get_mut(&key) {
            Arc::make_mut(row).qty += 1;
        }
    }

    fn delete(&mut self, key: u64) {
        let Some(row) = self.rows.remove(&key) else { return };
        self.by_price.remove(&(row.price.to_bits(), key));
        if let Some(keys) = self.by_cat.get_mut(&row.cat) {
            keys.remove(&key);
        }
    }

    fn with_cat(&self, cat: u32) -> Vec<Arc<Row>> {
        let keys = self.by_cat.get(&cat);
        keys.into_iter().flatten().map(|key| self.rows[key].clone()).collect()
    }

    fn tick(&mut self, tick: Tick) -> i64 {
        let mut sum = 0;
        for step in tick.steps {
            match step {
                Step::Get(key) => sum += self.rows.get(&key).cloned().map_or(0, |row| row.qty),
                Step::Update(key) => self.update(key),
                Step::Insert(row) => self.insert(row),
                Step::Delete(key) => self.delete(key),
            }
        }
        sum + self.with_cat(tick.cat).iter().map(|row| row.id as i64).sum::<i64>()
    }
}

impl HashMapPeer {
    fn make_scan(&mut self) {
        if self.scan.is_empty() {
            self.scan = self.store.rows.values().cloned().collect();
            self.scan.sort_by_key(|row| row.id);
        }
    }

    fn top(&self) -> i64 {
        let mut best = BinaryHeap::with_capacity(11);
        for (at, row) in self.scan.iter().enumerate() {
            let candidate = Reverse((row.qty, Reverse(at)));
            if best.len() < 10 {
                best.push(candidate);
            } else if best.peek().is_some_and(|worst| candidate < *worst) {
                best.pop();
                best.push(candidate);
            }
        }
        let rows: Vec<Arc<Row>> =
            best.into_iter().map(|Reverse((_, Reverse(at)))| self.scan[at].clone()).collect();
        rows.iter().map(|row| row.qty).sum()
    }
}

impl Peer for HashMapPeer {
    fn name(&self) -> &'static str {
        "hashmap"
    }

    fn load(&mut self, rows: usize) {
        self.store = Store::filled(rows);
    }

    fn age(&mut self, keys: &[u64]) {
        self.scan = Vec::new();
        for key in keys {
            if let Some(row) = self.store.rows.get_mut(key) {
                *row = Arc::new(Row::clone(row));
            }
        }
    }

    fn run(&mut self, op: Op, round: Round) -> Option<Sample> {
        if op.writes() {
            self.scan = Vec::new();
            return self.write(op, round);
        }
        if matches!(op, Op::ScanFilter | Op::ScanChanged | Op::ScanAll | Op::Sum | Op::TopK) {
            self.make_scan();
        }
        let rows = self.scan.len();
        match op {
            Op::Get => timed(|| {
                let qty = |key| self.store.rows.get(key).cloned().map_or(0, |row| row.qty);
                (round.keys.len(), round.keys.iter().map(qty).sum::<i64>() as f64)
            }),
            Op::Peek => timed(|| {
                let qty = |key| self.store.rows.get(key).map_or(0, |row| row.qty);
                (round.keys.len(), round.keys.iter().map(qty).sum::<i64>() as f64)
            }),
            Op::ScanFilter | Op::ScanChanged => repeated(round.scans, || {
                let found: Vec<Arc<Row>> = self.scan.iter().filter(|row| row.qty == 3).cloned().collect();
                (rows, found.iter().map(|row| row.id).sum::<u64>() as f64)
            }),
            Op::ScanAll => repeated(round.scans, || {
                let all: Vec<Arc<Row>> = self.scan.to_vec();
                (rows, all.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::Sum => repeated(round.scans, || {
                (rows, self.scan.iter().filter(|row| row.qty < 50).map(|row| row.price).sum())
            }),
            Op::IndexEq => timed(|| {
                let mut sums = (0, 0);
                for cat in round.cats {
                    let found = self.store.with_cat(cat);
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            Op::IndexRange => timed(|| {
                let mut sums = (0, 0);
                for low in round.prices {
                    let range = (low.to_bits(), 0)..=((low + 1.0).to_bits(), u64::MAX);
                    let keys = self.store.by_price.range(range);
                    let found: Vec<Arc<Row>> = keys.map(|(_, key)| self.store.rows[key].clone()).collect();
                    sums.0 += found.len();
                    sums.1 += found.iter().map(|row| row.id).sum::<u64>();
                }
                (sums.0, sums.1 as f64)
            }),
            Op::TopK => repeated(round.scans, || (rows, self.top() as f64)),
            Op::InsertBulk => {
                let mut store = Store::default();
                let sample = timed(|| {
                    let units = round.rows.len();
                    round.rows.into_iter().for_each(|row| store.insert(row));
                    (units, 0.0)
                })?;
                Some(Sample { answer: store.rows[&store.last].qty as f64, ..sample })
            }
            _ => None,
        }
    }

    fn state(&mut self) -> (usize, i64) {
        (self.store.rows.len(), self.store.rows.values().map(|row| row.qty).sum())
    }
}

impl HashMapPeer {
    fn write(&mut self, op: Op, round: Round) -> Option<Sample> {
        let store = &mut self.store;
        match op {
            Op::UpdateTxn | Op::ExclusiveUpdate | Op::CommitOne | Op::CommitOnePinned => timed(|| {
                round.keys.iter().for_each(|key| store.update(*key));
                (round.keys.len(), 0.0)
            }),
            Op::UpdateStmt | Op::ExclusiveStmt => repeated(round.scans, || {
                store.rows.values_mut().for_each(|row| Arc::make_mut(row).qty += 1);
                (store.rows.len(), store.rows.len() as f64)
            }),
            Op::InsertOne => timed(|| {
                let units = round.rows.len();
                round.rows.into_iter().for_each(|row| store.insert(row));
                (units, 0.0)
            }),
            Op::DeleteOne => timed(|| {
                round.keys.iter().for_each(|key| store.delete(*key));
                (round.keys.len(), 0.0)
            }),
            Op::MixedTick => timed(|| {
                let units = round.ticks.len();
                (units, round.ticks.into_iter().map(|tick| store.tick(tick)).sum::<i64>() as f64)
            }),
            _ => None,
        }
    }
}
