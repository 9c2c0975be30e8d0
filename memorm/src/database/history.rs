//! History: the last versions, to look at and to go back to.
//!
//! ```text
//!   v1 ── v2 ── v3 (head)     undo ──► v4 = v2    undo ──► v5 = v1    redo ──► v6 = v2
//!   undone: to go back        ◄──────┘ redone: to go forward, until the next commit
//! ```
//!
//! Going back publishes a new version; numbers only grow. Under the lock of the head versions are moved, not dropped.
use super::handle::Database;
use super::snapshot::Snapshot;
use super::sync::{Mutex, MutexGuard};
use crate::link::Link;
use crate::world::{Version, World};
use crate::{Error, Result};
use std::collections::VecDeque;
use std::sync::PoisonError;

/// Why a version is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Commit,
    Undo,
    Redo,
}

/// The versions that are kept beside the newest.
pub(super) struct History {
    /// How many of each list are kept.
    limit: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// All versions before the newest, oldest first.
    past: VecDeque<Link<World>>,
    /// What `undo` goes back to, the nearest last.
    undo: VecDeque<Link<World>>,
    /// What `redo` goes forward to, the nearest last.
    redo: Vec<Link<World>>,
}

impl History {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, kept: Mutex::default() }
    }

    #[inline]
    pub(super) fn is_kept(&self) -> bool {
        self.limit > 0
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in the version before a publish; returns those that are to be dropped. Called under the lock of the head.
    pub(super) fn published(&self, old: &Link<World>, step: Step) -> Vec<Link<World>> {
        let mut forgotten = Vec::new();
        if self.limit == 0 {
            return forgotten;
        }
        let mut kept = self.lock();
        match step {
            Step::Commit => {
                forgotten.append(&mut kept.redo);
                kept.undo.push_back(old.clone());
            }
            Step::Undo => {
                forgotten.extend(kept.undo.pop_back());
                kept.redo.push(old.clone());
            }
            Step::Redo => {
                forgotten.extend(kept.redo.pop());
                kept.undo.push_back(old.clone());
            }
        }
        kept.past.push_back(old.clone());
        while kept.past.len() > self.limit {
            forgotten.extend(kept.past.pop_front());
        }
        while kept.undo.len() > self.limit {
            forgotten.extend(kept.undo.pop_front());
        }
        forgotten
    }
}

impl Database {
    /// Returns the version of that number, if it is the newest or among the last that
    /// [`history`](super::Builder::history) keeps. O(log history).
    ///
    /// # Errors
    /// `VersionNotKept`.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::builder().history(1_000).build();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// let version = db.version();
    /// db.transaction(|s| s.update::<Item>(1, |item| item.qty = 0))?;
    /// assert_eq!(db.as_of(version)?.get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn as_of(&self, version: Version) -> Result<Snapshot> {
        let head = self.newest();
        if head.version == version {
            return Ok(Snapshot::new(head));
        }
        let kept = self.shared.history.lock();
        match kept.past.binary_search_by_key(&version, |world| world.version) {
            Ok(at) => Ok(Snapshot::new(kept.past[at].clone())),
            Err(_) => Err(Error::VersionNotKept {
                version: version.0,
                oldest: kept.past.front().map_or(head.version, |world| world.version).0,
                newest: head.version.0,
            }),
        }
    }

    /// Takes the last commit back: publishes the rows and counters before it as a new version. Again: the one before
    /// that. O(1). Open sessions meet a conflict where a row that they wrote has changed.
    ///
    /// # Errors
    /// `NothingToUndo`: no commit is left in the [`history`](super::Builder::history); `Refused`, `Busy`; `InTransaction` in a
    /// hook.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64 }
    /// let db = Database::builder().history(10).build();
    /// db.transaction(|s| s.add(Item { id: 1 }))?;
    /// db.transaction(|s| s.add(Item { id: 2 }))?;
    /// let count = || select::<Item>().count(&db);
    /// db.undo()?;
    /// assert_eq!(count()?, 1);
    /// db.undo()?;
    /// assert_eq!(count()?, 0);
    /// db.redo()?;
    /// assert_eq!(count()?, 1);
    /// db.transaction(|s| s.add(Item { id: 3 }))?;
    /// assert!(matches!(db.redo(), Err(memorm::Error::NothingToRedo)), "a commit starts a new future");
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn undo(&self) -> Result<Version> {
        let last = || self.shared.history.lock().undo.back().cloned();
        self.shared.go_back(Step::Undo, || last().ok_or(Error::NothingToUndo))
    }

    /// Takes the last [`undo`](Self::undo) back, as a new version. A commit since then leaves nothing to redo.
    ///
    /// # Errors
    /// `NothingToRedo`, `Refused`, `Busy`; `InTransaction` in a hook.
    pub fn redo(&self) -> Result<Version> {
        let last = || self.shared.history.lock().redo.last().cloned();
        self.shared.go_back(Step::Redo, || last().ok_or(Error::NothingToRedo))
    }
}
