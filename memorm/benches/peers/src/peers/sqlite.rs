//! SQLite in memory: prepared statements, the same indexes, rows read into the struct.
use super::{Peer, Sample, repeated, timed};
use crate::op::Op;
use crate::row::{Row, Vendor};
use crate::seed;
use crate::workload::{BATCH, Round, Step, Tick};
use rusqlite::{Connection, Statement, params};

const SCHEMA: &str = "
    create table rows (id integer primary key, name text not null, qty integer not null, price real not null,
        cat integer not null);
    create table vendors (id integer primary key, name text not null, country text not null);
    create index by_price on rows (price);
    create index by_cat on rows (cat);";
const INSERT: &str = "insert into rows (name, qty, price, cat) values (?1, ?2, ?3, ?4)";
const GET: &str = "select id, name, qty, price, cat from rows where id = ?1";
const BY_CAT: &str = "select id, name, qty, price, cat from rows where cat = ?1";
const UPDATE: &str = "update rows set qty = qty + 1 where id = ?1";
const DELETE: &str = "delete from rows where id = ?1";

pub struct SqlitePeer {
    db: Connection,
    rows: usize,
}

impl Default for SqlitePeer {
    fn default() -> Self {
        Self { db: database(), rows: 0 }
    }
}

fn database() -> Connection {
    let db = Connection::open_in_memory().expect("memory is there");
    for dummy in 0..39 {
        let table = format!(
            "create table m{dummy} (id integer primary key, name text unique, rank integer, note text);
             create index rank{dummy} on m{dummy} (rank);"
        );
        db.execute_batch(&table).expect("the names differ");
    }
    db.execute_batch(SCHEMA).expect("the names differ");
    db
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row { id: row.get(0)?, name: row.get(1)?, qty: row.get(2)?, price: row.get(3)?, cat: row.get(4)? })
}

fn all(statement: &mut Statement<'_>, parameters: impl rusqlite::Params) -> Vec<Row> {
    let rows = statement.query_map(parameters, read).expect("the statement fits");
    rows.map(|row| row.expect("the types fit")).collect()
}

fn insert(statement: &mut Statement<'_>, row: &Row) {
    statement.execute(params![row.name, row.qty, row.price, row.cat]).expect("the keys differ");
}

fn change(statement: &mut Statement<'_>, key: u64) {
    statement.execute([key]).expect("the statement fits");
}

impl SqlitePeer {
    fn prepare(&self, sql: &str) -> rusqlite::CachedStatement<'_> {
        self.db.prepare_cached(sql).expect("the statement is sound")
    }

    fn execute(&self, sql: &str) -> usize {
        self.prepare(sql).execute([]).expect("the statement is sound")
    }

    /// Runs `work` in a transaction.
    fn transaction<T>(&self, work: impl FnOnce() -> T) -> T {
        self.execute("begin");
        let result = work();
        self.execute("commit");
        result
    }

    fn find(&self, sql: &str, bounds: impl Iterator<Item = (f64, f64)>) -> (usize, f64) {
        let mut statement = self.prepare(sql);
        let mut sums = (0, 0);
        for (low, high) in bounds {
            let found = match statement.parameter_count() {
                1 => all(&mut statement, [low as u32]),
                _ => all(&mut statement, [low, high]),
            };
            sums.0 += found.len();
            sums.1 += found.iter().map(|row| row.id).sum::<u64>();
        }
        (sums.0, sums.1 as f64)
    }

    fn joined(&self) -> Vec<(Row, Vendor)> {
        let sql = "select r.id, r.name, r.qty, r.price, r.cat, v.id, v.name, v.country
            from rows r join vendors v on v.id = r.cat";
        let mut statement = self.prepare(sql);
        let both = |row: &rusqlite::Row<'_>| {
            Ok((read(row)?, Vendor { id: row.get(5)?, name: row.get(6)?, country: row.get(7)? }))
        };
        let rows = statement.query_map([], both).expect("the statement fits");
        rows.map(|row| row.expect("the types fit")).collect()
    }

    fn tick(&self, tick: &Tick) -> i64 {
        self.transaction(|| {
            let (mut get, mut update) = (self.prepare(GET), self.prepare(UPDATE));
            let (mut add, mut delete) = (self.prepare(INSERT), self.prepare(DELETE));
            let mut sum = 0;
            for step in &tick.steps {
                match step {
                    Step::Get(key) => sum += get.query_row([key], read).map_or(0, |row| row.qty),
                    Step::Update(key) => change(&mut update, *key),
                    Step::Insert(row) => insert(&mut add, row),
                    Step::Delete(key) => change(&mut delete, *key),
                }
            }
            let found = all(&mut self.prepare(BY_CAT), [tick.cat]);
            sum + found.iter().map(|row| row.id as i64).sum::<i64>()
        })
    }

    fn insert_all(&self, rows: impl Iterator<Item = Row>) -> usize {
        self.transaction(|| {
            let mut statement = self.prepare(INSERT);
            rows.map(|row| insert(&mut statement, &row)).count()
        })
    }
}

impl Peer for SqlitePeer {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn load(&mut self, rows: usize) {
        self.insert_all((0..rows as u64).map(Row::nth));
        self.transaction(|| {
            let mut statement = self.prepare("insert into vendors (id, name, country) values (?1, ?2, ?3)");
            for vendor in Vendor::all() {
                statement.execute(params![vendor.id, vendor.name, vendor.country]).expect("the keys differ");
            }
        });
        self.rows = rows;
    }

    /// Updates are in place here: there is no heap to age.
    fn age(&mut self, _keys: &[u64]) {}

    fn run(&mut self, op: Op, round: Round) -> Option<Sample> {
        let rows = self.rows;
        match op {
            Op::Get | Op::Peek => timed(|| {
                let mut statement = self.prepare(GET);
                let mut qty = |key: &u64| statement.query_row([key], read).map_or(0, |row| row.qty);
                (round.keys.len(), round.keys.iter().map(&mut qty).sum::<i64>() as f64)
            }),
            Op::ScanFilter | Op::ScanChanged => repeated(round.scans, || {
                let found =
                    all(&mut self.prepare("select id, name, qty, price, cat from rows where qty = 3"), []);
                (rows, found.iter().map(|row| row.id).sum::<u64>() as f64)
            }),
            Op::ScanAll => repeated(round.scans, || {
                let found = all(&mut self.prepare("select id, name, qty, price, cat from rows"), []);
                (rows, found.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::Sum => repeated(round.scans, || {
                let mut statement = self.prepare("select sum(price) from rows where qty < 50");
                (rows, statement.query_row([], |row| row.get(0)).expect("a sum"))
            }),
            Op::IndexEq => timed(|| self.find(BY_CAT, round.cats.iter().map(|cat| (f64::from(*cat), 0.0)))),
            Op::IndexRange => timed(|| {
                let sql = "select id, name, qty, price, cat from rows where price between ?1 and ?2";
                self.find(sql, round.prices.iter().map(|low| (*low, low + 1.0)))
            }),
            Op::TopK => repeated(round.scans, || {
                let sql = "select id, name, qty, price, cat from rows order by qty desc limit 10";
                let found = all(&mut self.prepare(sql), []);
                (rows, found.iter().map(|row| row.qty).sum::<i64>() as f64)
            }),
            Op::Join => repeated(round.scans, || {
                let found = self.joined();
                (rows, found.iter().map(|(row, vendor)| row.id + u64::from(vendor.id)).sum::<u64>() as f64)
            }),
            Op::JoinSum => repeated(round.scans, || {
                let sql = "select sum(r.qty) + count(v.name) from rows r join vendors v on v.id = r.cat";
                (rows, self.prepare(sql).query_row([], |row| row.get::<_, i64>(0)).expect("a sum") as f64)
            }),
            Op::Group => repeated(round.scans, || {
                let sql = "select cat % 16, count(*), sum(qty), avg(price) from rows group by cat % 16";
                let mut statement = self.prepare(sql);
                let digest = |row: &rusqlite::Row<'_>| {
                    let parts: (f64, f64, f64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                    Ok(parts.0 + parts.1 + parts.2 + parts.3.round())
                };
                let groups = statement.query_map([], digest).expect("a sound statement");
                (rows, groups.map(|group| group.expect("a row")).sum())
            }),
            Op::InsertBulk => {
                let mut empty = Self::default();
                let sample = timed(|| (empty.insert_all(round.rows.into_iter()), 0.0))?;
                empty.rows = sample.units;
                let last = empty.prepare(GET).query_row([sample.units], read).expect("the last row");
                Some(Sample { answer: last.qty as f64, ..sample })
            }
            Op::Seed => seed::sqlite(),
            _ => self.write(op, round),
        }
    }

    fn state(&mut self) -> (usize, i64) {
        let sums = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.prepare("select count(*), sum(qty) from rows").query_row([], sums).expect("sums")
    }
}

impl SqlitePeer {
    fn write(&mut self, op: Op, round: Round) -> Option<Sample> {
        let units = round.keys.len();
        match op {
            Op::UpdateTxn | Op::ExclusiveUpdate => timed(|| {
                for keys in round.keys.chunks(BATCH) {
                    self.transaction(|| {
                        let mut statement = self.prepare(UPDATE);
                        keys.iter().for_each(|key| change(&mut statement, *key));
                    });
                }
                (units, 0.0)
            }),
            Op::UpdateStmt | Op::ExclusiveStmt => repeated(round.scans, || {
                let updated = self.transaction(|| self.execute("update rows set qty = qty + 1"));
                (self.rows, updated as f64)
            }),
            Op::CommitOne | Op::CommitOnePinned => timed(|| {
                let mut statement = self.prepare(UPDATE);
                round.keys.iter().for_each(|key| change(&mut statement, *key));
                (units, 0.0)
            }),
            Op::InsertOne => timed(|| {
                let mut statement = self.prepare(INSERT);
                round.rows.iter().for_each(|row| insert(&mut statement, row));
                (round.rows.len(), 0.0)
            }),
            Op::DeleteOne => timed(|| {
                let mut statement = self.prepare(DELETE);
                round.keys.iter().for_each(|key| change(&mut statement, *key));
                (units, 0.0)
            }),
            Op::MixedTick => timed(|| {
                (round.ticks.len(), round.ticks.iter().map(|tick| self.tick(tick)).sum::<i64>() as f64)
            }),
            _ => None,
        }
    }
}
