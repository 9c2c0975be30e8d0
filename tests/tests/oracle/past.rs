//! The oracle's versions: the one way in which a database gets its next one, and what is kept of those before.
//!
//! ```text
//!   commit, clear, merge ──┐
//!   restore, undo, redo ───┴─► publish ──► head, all, undo, redo
//! ```
use super::program::Answer;
use super::rules::{Kind, TABLES};
use super::world::{Head, Tried, World};
use crate::language::{Plant, Val};
use std::collections::BTreeMap;

/// Why a version is published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Commit,
    Undo,
    Redo,
}

/// What a database keeps beside its newest version.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// How many versions are kept.
    limit: usize,
    /// Those before the newest, oldest first.
    all: Vec<Head>,
    /// What `undo` goes back to, the nearest last.
    undo: Vec<Head>,
    redo: Vec<Head>,
    named: BTreeMap<u8, Head>,
}

impl Past {
    pub fn keeping(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// That of a fork: it starts without one.
    pub fn of_fork(&self) -> Self {
        Self::keeping(self.limit)
    }
}

impl World {
    /// Makes `next` the newest version, under the next number. What it knows of keys, the database knows.
    pub fn publish(&mut self, db: usize, next: Head, why: Why) -> u64 {
        let plant = self.plant;
        let db = &mut self.dbs[db];
        let version = db.head.version + 1;
        let old = std::mem::replace(&mut db.head, Head { version, ..next });
        for (counter, key) in db.counter.iter_mut().zip(db.head.last_key) {
            *counter = key.max(*counter);
        }
        let past = &mut db.past;
        match why {
            Why::Undo => {
                past.undo.pop();
                past.redo.push(old.clone());
            }
            Why::Redo => {
                past.redo.pop();
                past.undo.push(old.clone());
            }
            Why::Commit => {
                if plant != Plant::RedoStays {
                    past.redo.clear();
                }
                past.undo.push(old.clone());
            }
        }
        past.all.push(old);
        let limit = past.limit;
        for list in [&mut past.all, &mut past.undo] {
            list.drain(..list.len().saturating_sub(limit));
        }
        if limit == 0 {
            past.redo.clear();
        }
        version
    }

    /// Publishes rows and counters of an older version: keys that were handed out since are handed out again.
    fn go_back(&mut self, db: usize, mut to: Head, why: Why) -> Answer {
        if self.plant == Plant::CountersStay {
            to.last_key = self.dbs[db].head.last_key;
        } else {
            self.dbs[db].counter = [0; 3];
        }
        Answer::Version(self.publish(db, to, why))
    }

    pub fn checkpoint(&mut self, db: usize, name: u8) -> Answer {
        let head = self.dbs[db].head.clone();
        let version = head.version;
        self.dbs[db].past.named.insert(name, head);
        Answer::Version(version)
    }

    fn named(&self, db: usize, name: u8) -> Tried<Head> {
        self.dbs[db].past.named.get(&name).cloned().ok_or_else(|| vec![Kind::NoSuchCheckpoint])
    }

    pub fn at(&self, db: usize, name: u8) -> Tried<Answer> {
        self.named(db, name).map(|head| shown(&head))
    }

    pub fn restore(&mut self, db: usize, name: u8) -> Tried<Answer> {
        let head = self.named(db, name)?;
        Ok(self.go_back(db, head, Why::Commit))
    }

    pub fn forget(&mut self, db: usize, name: u8) -> Answer {
        let named = &mut self.dbs[db].past.named;
        let is_there = named.contains_key(&name);
        if self.plant != Plant::ForgetsNothing {
            named.remove(&name);
        }
        Answer::Flag(is_there)
    }

    pub fn as_of(&self, db: usize, version: u64) -> Tried<Answer> {
        let db = &self.dbs[db];
        let mut kept = db.past.all.iter().chain([&db.head]);
        let found = kept.find(|head| head.version == version).map(shown);
        found.ok_or_else(|| vec![Kind::VersionNotKept])
    }

    pub fn undo(&mut self, db: usize) -> Tried<Answer> {
        if self.plant == Plant::UndoTwice && self.dbs[db].past.undo.len() > 1 {
            self.dbs[db].past.undo.pop();
        }
        let last = self.dbs[db].past.undo.last().cloned().ok_or_else(|| vec![Kind::NothingToUndo])?;
        Ok(self.go_back(db, last, Why::Undo))
    }

    pub fn redo(&mut self, db: usize) -> Tried<Answer> {
        let last = self.dbs[db].past.redo.last().cloned().ok_or_else(|| vec![Kind::NothingToRedo])?;
        Ok(self.go_back(db, last, Why::Redo))
    }
}

/// A version, as one that is looked at shows it: its number and all rows.
fn shown(head: &Head) -> Answer {
    let number = vec![vec![Val::Int(head.version as i64)]];
    Answer::Tables([number].into_iter().chain(TABLES.map(|t| head.state.vals(t))).collect())
}
