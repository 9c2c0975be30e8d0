//! Checkpoints: versions with a name.
use super::handle::Database;
use super::history::Step;
use super::snapshot::Snapshot;
use super::sync::{Mutex, MutexGuard};
use crate::link::Link;
use crate::world::{Version, World};
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// The named versions of a database.
#[derive(Default)]
pub(super) struct Checkpoints(Mutex<BTreeMap<String, Link<World>>>);

impl Checkpoints {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Link<World>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, name: &str) -> Result<Link<World>> {
        self.lock().get(name).cloned().ok_or_else(|| Error::NoSuchCheckpoint { name: name.to_owned() })
    }
}

impl Database {
    /// Names the newest version, to come back to. O(1). A checkpoint of the same name is replaced; others are not touched,
    /// now or by a later [`restore`](Self::restore). Forks start without checkpoints.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// db.checkpoint("before the sale");
    /// db.transaction(|s| s.update::<Item>(1, |item| item.qty = 0))?;
    /// assert_eq!(db.at("before the sale")?.get::<Item>(1).unwrap().qty, 3);
    /// db.restore("before the sale")?;
    /// assert_eq!(db.snapshot().get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn checkpoint(&self, name: impl Into<String>) -> Version {
        let head = self.newest();
        let version = head.version;
        let replaced = self.shared.checkpoints.lock().insert(name.into(), head);
        drop(replaced);
        version
    }

    /// Returns the version that a checkpoint names. O(log checkpoints).
    ///
    /// # Errors
    /// `NoSuchCheckpoint`.
    pub fn at(&self, name: &str) -> Result<Snapshot> {
        self.shared.checkpoints.find(name).map(Snapshot::new)
    }

    /// Publishes the rows and counters of a checkpoint as a new version. O(1). Open sessions keep what they read, and meet
    /// a conflict at commit where a row that they wrote has changed. All checkpoints stay.
    ///
    /// # Errors
    /// `NoSuchCheckpoint`, `Refused`, `Busy`; `InTransaction` in a hook.
    pub fn restore(&self, name: &str) -> Result<Version> {
        self.shared.go_back(Step::Commit, || self.shared.checkpoints.find(name))
    }

    /// Lists the checkpoints by name, with the versions that they name.
    pub fn checkpoints(&self) -> Vec<(String, Version)> {
        let all = self.shared.checkpoints.lock();
        all.iter().map(|(name, world)| (name.clone(), world.version)).collect()
    }

    /// Forgets a checkpoint; `false` where there is none of that name. Drops the rows that it alone has kept.
    pub fn forget(&self, name: &str) -> bool {
        let forgotten = self.shared.checkpoints.lock().remove(name);
        forgotten.is_some()
    }
}
