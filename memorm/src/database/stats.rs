//! `Database::stats` and `schema`: looking in.
use super::alive::HeldVersion;
use super::handle::Database;
use super::snapshot::Snapshot;
use crate::inspect::{Schema, TableStats};

/// What a database holds and did, from [`Database::stats`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The tables of the newest version, by name.
    pub tables: Vec<TableStats>,
    /// The versions that are alive, oldest first; the newest is always among them, with age 0 where it has no label.
    /// Older ones keep the rows alive that were replaced or deleted since.
    pub versions: Vec<HeldVersion>,
    /// How many versions were published since this database (or fork) was made.
    pub commits: u64,
    /// How many commits were refused because another one was faster. `transaction` runs them again.
    pub conflicts: u64,
}

impl Stats {
    /// Adds up the rows of all tables.
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Adds up the bytes of all tables: of the newest version alone.
    pub fn bytes(&self) -> usize {
        self.tables.iter().map(TableStats::bytes).sum()
    }
}

impl Database {
    /// Counts rows, bytes, versions, commits and conflicts. O(rows / 16), and O(rows) for tables with text: their lengths
    /// are added up.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")] struct Item { #[model(primary_key)] id: u64, name: String }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, name: "foo".into() }))?;
    /// let before = db.snapshot_labelled("before the sale");
    /// db.transaction(|s| s.update::<Item>(1, |item| item.name = "bar".into()))?;
    ///
    /// let stats = db.stats();
    /// assert_eq!((stats.tables[0].name, stats.tables[0].rows, stats.commits), ("items", 1, 2));
    /// assert!(stats.bytes() > size_of::<Item>());
    /// assert_eq!(stats.versions[0].label.as_deref(), Some("before the sale"));
    /// drop(before);
    /// assert_eq!(db.stats().versions.len(), 1);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn stats(&self) -> Stats {
        let newest = self.shared.head();
        if let Some(sessions) = self.shared.opened_sessions() {
            sessions.free();
        }
        let mut versions = self.shared.alive.list();
        if !versions.iter().any(|held| held.version == newest.version) {
            versions.push(HeldVersion { version: newest.version, label: None, age: Default::default() });
            versions.sort_by_key(|held| held.version);
        }
        Stats {
            tables: TableStats::of(&newest),
            versions,
            commits: newest.version.0 - self.shared.first.0,
            conflicts: self.shared.conflicts(),
        }
    }

    /// Returns the newest version under a name that [`stats`](Self::stats) shows as long as the snapshot or a clone of it
    /// is alive: for finding out who holds on to memory.
    pub fn snapshot_labelled(&self, label: impl Into<String>) -> Snapshot {
        let world = self.shared.head();
        let label = self.shared.alive.label(label.into(), world.version);
        Snapshot::labelled(world, label, &self.shared)
    }

    /// Describes the tables that this database has seen and those that they refer to.
    pub fn schema(&self) -> Schema {
        Schema::of(&self.shared.head())
    }
}
