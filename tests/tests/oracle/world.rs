//! The oracle: databases and sessions as copies of plain rows.
//!
//! ```text
//!   Db { head }  ── first call ──►  Txn { base, mine }  ── commit ──►  head
//!                                     every call changes `mine`
//! ```
//!
//! A savepoint is a copy of `mine`. Nothing here is fast, and nothing is shared.
use super::past::{Past, Why};
use super::program::Answer;
use super::rules::{Kind, T};
use super::state::{Row, State};
use crate::language::{Plant, Val};
use std::collections::BTreeSet;

/// A version.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub state: State,
    pub version: u64,
    /// The highest key of each table that this version knows.
    pub last_key: [u64; 3],
}

/// A database: its newest version, and the keys it has handed out.
#[derive(Clone, Debug, Default)]
pub struct Db {
    pub head: Head,
    pub counter: [u64; 3],
    pub past: Past,
}

/// The work of a session since its first call.
#[derive(Clone, Debug)]
pub struct Txn {
    pub base: Head,
    pub mine: State,
    /// The ids of the rows written, by table.
    pub written: [BTreeSet<u64>; 3],
    pub last_key: [u64; 3],
}

/// A savepoint that is open.
#[derive(Clone, Debug)]
pub struct Mark {
    pub id: usize,
    pub mine: State,
    pub written: [BTreeSet<u64>; 3],
    pub last_key: [u64; 3],
}

/// A session.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    pub db: usize,
    pub txn: Option<Txn>,
    pub marks: Vec<Mark>,
    /// The closures that are running: for each the savepoint before it, where it has one, and whether `rollback` has
    /// ended it.
    pub closures: Vec<(Option<usize>, bool)>,
}

/// Everything.
#[derive(Clone, Debug)]
pub struct World {
    pub plant: Plant,
    pub dbs: Vec<Db>,
    pub units: Vec<Unit>,
    /// The database's clock.
    pub now: i64,
    pub next_id: u64,
    pub next_mark: usize,
}

pub type Tried<A> = Result<A, Vec<Kind>>;

/// The answer to a call: an error changes nothing.
pub fn answered(result: Tried<Answer>) -> Answer {
    result.unwrap_or_else(|kinds| Answer::Failed(kinds, Vec::new()))
}

impl World {
    pub fn new(history: usize, plant: Plant) -> Self {
        let unit = |db| Unit { db, ..Unit::default() };
        // the fifth is for `transaction`
        let units = vec![unit(0), unit(0), unit(1), unit(1), unit(0)];
        let db = Db { past: Past::keeping(history), ..Db::default() };
        Self { plant, dbs: vec![db], units, now: 1, next_id: 1, next_mark: 0 }
    }

    /// The first call of a session fixes what it reads.
    pub fn begin(&mut self, s: usize) {
        let head = &self.dbs[self.units[s].db].head;
        self.units[s].txn.get_or_insert_with(|| Txn {
            base: head.clone(),
            mine: head.state.clone(),
            written: Default::default(),
            last_key: head.last_key,
        });
    }

    pub fn txn(&mut self, s: usize) -> &mut Txn {
        self.begin(s);
        self.units[s].txn.as_mut().expect("just begun")
    }

    pub fn mine(&mut self, s: usize) -> &mut State {
        &mut self.txn(s).mine
    }

    pub fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Whether a `rollback` has ended a closure that is still running.
    pub fn is_doomed(&self, s: usize) -> bool {
        self.units[s].closures.iter().any(|(_, doomed)| *doomed)
    }

    /// Runs a call that writes: whole or not at all.
    pub fn whole<A>(&mut self, s: usize, work: impl FnOnce(&mut Self) -> Tried<A>) -> Tried<A> {
        self.begin(s);
        let before = self.txn(s).clone();
        let result = work(self);
        if result.is_err() && self.units[s].txn.is_some() {
            *self.txn(s) = before;
        }
        result
    }

    /// Adds a row that is complete.
    pub fn insert(&mut self, s: usize, t: T, vals: Vec<Val>) -> u64 {
        let (id, stamp) = (self.fresh(), self.fresh());
        let txn = self.txn(s);
        txn.written[t.at()].insert(id);
        txn.mine.tables[t.at()].push(Row { id, stamp, born: vals.clone(), vals });
        id
    }

    /// Replaces a row's values.
    pub fn overwrite(&mut self, s: usize, t: T, id: u64, vals: Vec<Val>) {
        let stamp = self.fresh();
        let txn = self.txn(s);
        txn.written[t.at()].insert(id);
        let row = txn.mine.row_mut(t, id);
        (row.stamp, row.vals) = (stamp, vals);
    }

    pub fn remove(&mut self, s: usize, t: T, id: u64) {
        let txn = self.txn(s);
        txn.written[t.at()].insert(id);
        txn.mine.tables[t.at()].retain(|row| row.id != id);
    }

    /// The other database becomes a fork of this one, with new sessions.
    pub fn fork(&mut self, from: usize) {
        let Db { head, past, .. } = &self.dbs[from];
        let fork = Db { head: head.clone(), counter: head.last_key, past: past.of_fork() };
        let to = 1 - from;
        if self.dbs.len() <= to {
            self.dbs.push(fork);
        } else {
            self.dbs[to] = fork;
        }
        for unit in self.units.iter_mut().take(4).filter(|unit| unit.db == to) {
            *unit = Unit { db: to, ..Unit::default() };
        }
    }

    /// Publishes a version without rows.
    pub fn clear(&mut self, db: usize) {
        let last_key = self.dbs[db].head.last_key;
        self.publish(db, Head { last_key, ..Head::default() }, Why::Commit);
    }
}
