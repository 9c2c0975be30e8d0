//! native_db in memory. Only what it has an operation for.
use super::{Peer, Sample, repeated, timed};
use crate::op::Op;
use crate::row::Row;
use crate::workload::{BATCH, Round};
use native_db::{Builder, Database, Models, ToKey, native_db};
use native_model::{Model, native_model};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

#[derive(Serialize, Deserialize, Clone)]
#[native_model(id = 1, version = 1)]
#[native_db(secondary_key(price_bits -> u64))]
struct NativeRow {
    #[primary_key]
    id: u64,
    name: String,
    qty: i64,
    price: f64,
    #[secondary_key]
    cat: u32,
}

impl NativeRow {
    /// Prices are not negative: their bits are in the same order.
    fn price_bits(&self) -> u64 {
        self.price.to_bits()
    }
}

static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models::new();
    models.define::<NativeRow>().expect("one model");
    models
});

pub struct NativePeer {
    db: Database<'static>,
}

impl Default for NativePeer {
    fn default() -> Self {
        Self { db: Builder::new().create_in_memory(&MODELS).expect("memory is there") }
    }
}

impl NativePeer {
    fn insert_all(&self, rows: impl Iterator<Item = Row>) -> usize {
        let txn = self.db.rw_transaction().expect("nobody else writes");
        let mut units = 0;
        for Row { name, qty, price, cat, .. } in rows {
            units += 1;
            let row = NativeRow { id: units as u64, name, qty, price, cat };
            txn.insert(row).expect("the keys differ");
        }
        txn.commit().expect("memory is there");
        units
    }

    fn update(&self, keys: &[u64], by: i64) {
        let txn = self.db.rw_transaction().expect("nobody else writes");
        for key in keys {
            let old: NativeRow = txn.get().primary(*key).expect("memory is there").expect("the row exists");
            let mut new = old.clone();
            new.qty += by;
            txn.update(old, new).expect("memory is there");
        }
        txn.commit().expect("memory is there");
    }

    fn scan(&self) -> Vec<NativeRow> {
        let txn = self.db.r_transaction().expect("memory is there");
        let scan = txn.scan().primary().expect("the model is known");
        let rows = scan.all().expect("memory is there");
        rows.map(|row| row.expect("memory is there")).collect()
    }
}

impl Peer for NativePeer {
    fn name(&self) -> &'static str {
        "native_db"
    }

    fn load(&mut self, rows: usize) {
        self.insert_all((0..rows as u64).map(Row::nth));
    }

    fn age(&mut self, keys: &[u64]) {
        keys.chunks(BATCH).for_each(|keys| self.update(keys, 0));
    }

    fn run(&mut self, op: Op, round: Round) -> Option<Sample> {
        match op {
            Op::Get => timed(|| {
                let txn = self.db.r_transaction().expect("memory is there");
                let row = |key: &u64| txn.get().primary::<NativeRow>(*key).expect("memory is there");
                let sum = round.keys.iter().filter_map(row).map(|row| row.qty).sum::<i64>();
                (round.keys.len(), sum as f64)
            }),
            Op::ScanAll => repeated(round.scans, || {
                let all = self.scan();
                (all.len(), all.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::InsertBulk => {
                let empty = Self::default();
                let sample = timed(|| (empty.insert_all(round.rows.into_iter()), 0.0))?;
                let last = empty.scan().last().map_or(0, |row| row.qty);
                Some(Sample { answer: last as f64, ..sample })
            }
            Op::UpdateTxn | Op::ExclusiveUpdate => timed(|| {
                round.keys.chunks(BATCH).for_each(|keys| self.update(keys, 1));
                (round.keys.len(), 0.0)
            }),
            _ => None,
        }
    }

    fn state(&mut self) -> (usize, i64) {
        let all = self.scan();
        (all.len(), all.iter().map(|row| row.qty).sum())
    }
}
