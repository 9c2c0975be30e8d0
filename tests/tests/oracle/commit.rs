//! The oracle's commit: first committer wins, row by row; then the rules, on the head.
use super::past::Why;
use super::program::Answer;
use super::rules::{Kind, T, TABLES};
use super::state::State;
use super::world::{Mark, Tried, Txn, World};
use crate::language::{Plant, Val};

impl World {
    pub fn flush(&mut self, s: usize) -> Tried<Answer> {
        let txn = self.txn(s);
        let kinds = txn.mine.violations(&txn.base.state);
        if kinds.is_empty() { Ok(Answer::Done) } else { Err(kinds) }
    }

    pub fn commit(&mut self, s: usize) -> Tried<Answer> {
        if !self.units[s].closures.is_empty() {
            return Err(vec![Kind::InTransaction]);
        }
        self.commit_now(s)
    }

    /// The commit itself, which `transaction` calls when its closure has ended.
    pub fn commit_now(&mut self, s: usize) -> Tried<Answer> {
        let txn = self.txn(s).clone();
        if !is_changed(&txn) {
            self.end(s);
            return Ok(Answer::Version(txn.base.version));
        }
        let kinds = txn.mine.violations(&txn.base.state);
        if !kinds.is_empty() && (self.plant != Plant::DuplicateAccepted || kinds != [Kind::Duplicate]) {
            return Err(kinds);
        }
        let db = self.units[s].db;
        let plant = self.plant;
        let mut head = self.dbs[db].head.clone();
        head.state = if head.version == txn.base.version {
            txn.mine.clone()
        } else {
            let merged = merged(&txn, &head.state, plant)?;
            if !merged.is_sound() && plant != Plant::DuplicateAccepted {
                return Err(vec![Kind::Conflict]);
            }
            merged
        };
        // of a table that it wrote, the session knows what was handed out: on an older version it goes on from there
        for at in TABLES.map(T::at) {
            if !txn.written[at].is_empty() || txn.last_key[at] != txn.base.last_key[at] {
                head.last_key[at] = head.last_key[at].max(txn.last_key[at]);
            }
        }
        let version = self.publish(db, head, Why::Commit);
        self.end(s);
        Ok(Answer::Version(version))
    }

    fn end(&mut self, s: usize) {
        self.units[s].txn = None;
        self.units[s].marks.clear();
    }

    /// `rollback`: all, or what the running closure did.
    pub fn rollback(&mut self, s: usize) {
        let closure = self.units[s].closures.last().copied();
        match closure {
            Some((Some(floor), _)) if self.position(s, floor).is_some() => self.back_to(s, floor),
            _ => self.end(s),
        }
        if let Some(closure) = self.units[s].closures.last_mut() {
            closure.1 = true;
        }
    }

    pub fn savepoint(&mut self, s: usize) -> usize {
        let txn = self.txn(s).clone();
        let id = self.next_mark;
        self.next_mark += 1;
        let Txn { mine, written, last_key, .. } = txn;
        self.units[s].marks.push(Mark { id, mine, written, last_key });
        id
    }

    fn position(&self, s: usize, mark: usize) -> Option<usize> {
        self.units[s].marks.iter().position(|open| open.id == mark)
    }

    pub fn rollback_to(&mut self, s: usize, mark: usize) -> Tried<Answer> {
        self.begin(s);
        let stale = || vec![Kind::StaleSavepoint];
        let position = self.position(s, mark).ok_or_else(stale)?;
        let floor = self.units[s].closures.last().and_then(|(floor, _)| *floor);
        let lowest = floor.and_then(|floor| self.position(s, floor)).unwrap_or(0);
        if position < lowest {
            return Err(stale());
        }
        if self.plant != Plant::DeafRollback {
            self.back_to(s, mark);
        }
        Ok(Answer::Done)
    }

    fn back_to(&mut self, s: usize, mark: usize) {
        let position = self.position(s, mark).expect("the savepoint is open");
        self.units[s].marks.truncate(position + 1);
        let mark = self.units[s].marks[position].clone();
        let txn = self.txn(s);
        (txn.mine, txn.written, txn.last_key) = (mark.mine, mark.written, mark.last_key);
    }

    /// A closure of `nested` begins, or one of `transaction`, which has no savepoint before it.
    pub fn enter(&mut self, s: usize, is_nested: bool) {
        let floor = is_nested.then(|| self.savepoint(s));
        self.units[s].closures.push((floor, false));
    }

    /// The closure has ended. Its error, if it has one.
    pub fn leave(&mut self, s: usize, fails: bool) -> Option<Kind> {
        let Some((floor, doomed)) = self.units[s].closures.last().copied() else { panic!("no closure runs") };
        if fails && !doomed {
            self.rollback(s);
        }
        self.units[s].closures.pop();
        if let Some(position) = floor.and_then(|floor| self.position(s, floor)) {
            self.units[s].marks.truncate(position);
        }
        match (fails, doomed) {
            (true, _) => Some(Kind::Other),
            (false, true) => Some(Kind::RolledBack),
            (false, false) => None,
        }
    }

    /// Added, changed and deleted rows. A key that was deleted and added again counts as changed.
    pub fn changes(&mut self, s: usize) -> Answer {
        let txn = self.txn(s);
        let (base, mine) = (&txn.base.state, &txn.mine);
        let mut all = Vec::new();
        for t in TABLES {
            let key = |vals: &[Val]| t.rules().key_of(vals);
            let (mut added, mut changed, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
            for row in mine.rows(t) {
                match (base.row(t, row.id), base.find(t, &key(&row.vals))) {
                    (Some(before), _) if before.stamp == row.stamp => {}
                    (None, None) => added.push(row.vals.clone()),
                    _ => changed.push(row.vals.clone()),
                }
            }
            for row in base.rows(t).iter().filter(|row| mine.find(t, &key(&row.vals)).is_none()) {
                deleted.push(row.vals.clone());
            }
            sort(&mut changed);
            sort(&mut deleted);
            all.push([added, changed, deleted]);
        }
        Answer::Changes(all)
    }
}

/// Puts rows into some order: that of changed and deleted rows is open.
pub fn sort(rows: &mut [Vec<Val>]) {
    rows.sort_by_key(|row| format!("{row:?}"));
}

fn is_changed(txn: &Txn) -> bool {
    TABLES.iter().any(|t| {
        let stamps = |state: &State| state.rows(*t).iter().map(|row| (row.id, row.stamp)).collect::<Vec<_>>();
        stamps(&txn.base.state) != stamps(&txn.mine)
    })
}

/// The head with the writes of this session: replaced in their places, new ones at the end.
fn merged(txn: &Txn, head: &State, plant: Plant) -> Tried<State> {
    let mut next = head.clone();
    for t in TABLES {
        for before in txn.base.state.rows(t) {
            let now = txn.mine.row(t, before.id);
            if now.is_some_and(|now| now.stamp == before.stamp) {
                continue;
            }
            let there = head.row(t, before.id);
            let is_moved = there.is_none_or(|there| there.stamp != before.stamp);
            if is_moved && plant != Plant::LostUpdate {
                return Err(vec![Kind::Conflict]);
            }
            match now {
                Some(now) if there.is_some() => *next.row_mut(t, before.id) = now.clone(),
                _ => next.tables[t.at()].retain(|row| row.id != before.id),
            }
        }
        let new = txn.mine.rows(t).iter().filter(|row| txn.base.state.row(t, row.id).is_none());
        next.tables[t.at()].extend(new.cloned());
    }
    Ok(next)
}
