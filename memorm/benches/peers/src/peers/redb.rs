//! redb in memory: a table, and an index table each for `price` and `cat`. Only what needs no query language.
use super::{Peer, Sample, repeated, timed};
use crate::op::Op;
use crate::row::Row;
use crate::workload::{BATCH, Round};
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};

type Columns = (&'static str, i64, f64, u32);

const ROWS: TableDefinition<u64, Columns> = TableDefinition::new("rows");
/// Prices are not negative: their bits are in the same order.
const BY_PRICE: TableDefinition<(u64, u64), ()> = TableDefinition::new("by_price");
const BY_CAT: TableDefinition<(u32, u64), ()> = TableDefinition::new("by_cat");

pub struct RedbPeer {
    db: Database,
}

impl Default for RedbPeer {
    fn default() -> Self {
        let backend = InMemoryBackend::new();
        Self { db: Database::builder().create_with_backend(backend).expect("memory is there") }
    }
}

fn read(id: u64, (name, qty, price, cat): (&str, i64, f64, u32)) -> Row {
    Row { id, name: name.to_owned(), qty, price, cat }
}

impl RedbPeer {
    fn insert_all(&self, rows: impl Iterator<Item = Row>) -> usize {
        let txn = self.db.begin_write().expect("nobody else writes");
        let mut units = 0;
        {
            let mut table = txn.open_table(ROWS).expect("the types fit");
            let mut by_price = txn.open_table(BY_PRICE).expect("the types fit");
            let mut by_cat = txn.open_table(BY_CAT).expect("the types fit");
            for row in rows {
                units += 1;
                let id = units as u64;
                table.insert(id, (&*row.name, row.qty, row.price, row.cat)).expect("memory is there");
                by_price.insert((row.price.to_bits(), id), ()).expect("memory is there");
                by_cat.insert((row.cat, id), ()).expect("memory is there");
            }
        }
        txn.commit().expect("memory is there");
        units
    }

    fn update(&self, keys: &[u64], by: i64) {
        let txn = self.db.begin_write().expect("nobody else writes");
        {
            let mut table = txn.open_table(ROWS).expect("the types fit");
            for key in keys {
                let row = table.get(key).expect("memory is there").map(|row| read(*key, row.value()));
                let row = row.expect("the row exists");
                table.insert(key, (&*row.name, row.qty + by, row.price, row.cat)).expect("memory is there");
            }
        }
        txn.commit().expect("memory is there");
    }

    fn scan(&self, mut each: impl FnMut(u64, (&str, i64, f64, u32))) -> usize {
        let txn = self.db.begin_read().expect("memory is there");
        let table = txn.open_table(ROWS).expect("the types fit");
        for entry in table.iter().expect("memory is there") {
            let (key, row) = entry.expect("memory is there");
            each(key.value(), row.value());
        }
        table.len().expect("memory is there") as usize
    }
}

impl Peer for RedbPeer {
    fn name(&self) -> &'static str {
        "redb"
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
                let txn = self.db.begin_read().expect("memory is there");
                let table = txn.open_table(ROWS).expect("the types fit");
                let row =
                    |key: &u64| table.get(key).expect("memory is there").map(|row| read(*key, row.value()));
                let sum = round.keys.iter().filter_map(row).map(|row| row.qty).sum::<i64>();
                (round.keys.len(), sum as f64)
            }),
            Op::ScanFilter | Op::ScanChanged => repeated(round.scans, || {
                let mut found = Vec::new();
                let rows = self.scan(|id, row| {
                    if row.1 == 3 {
                        found.push(read(id, row));
                    }
                });
                (rows, found.iter().map(|row| row.id).sum::<u64>() as f64)
            }),
            Op::ScanAll => repeated(round.scans, || {
                let mut all = Vec::new();
                let rows = self.scan(|id, row| all.push(read(id, row)));
                (rows, all.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::InsertBulk => {
                let empty = Self::default();
                let sample = timed(|| (empty.insert_all(round.rows.into_iter()), 0.0))?;
                let mut last = 0;
                empty.scan(|_, row| last = row.1);
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
        let mut sum = 0;
        (self.scan(|_, row| sum += row.1), sum)
    }
}
