//! `Diff`: what is different between two versions.
use super::snapshot::Snapshot;
use crate::link::Link;
use crate::model::Model;
use crate::value::Value;
use crate::world::{Change, StateHash, World};
use std::fmt;

/// The difference of two versions, from [`Snapshot::diff`].
///
/// It holds both versions; differences are computed when they are asked for, from what the two do not share.
#[derive(Clone)]
pub struct Diff {
    pub(super) old: Link<World>,
    pub(super) new: Link<World>,
}

impl fmt::Debug for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diff")
            .field("old", &self.old.version)
            .field("new", &self.new.version)
            .field("tables", &self.tables())
            .finish()
    }
}

impl Diff {
    /// Lists what happened to the rows of one model, in row order; a deleted row stands where it was. A key that was
    /// deleted and added again is one `Updated`. Costs what differs, for versions of which one came from the other.
    pub fn of<M: Model>(&self) -> Vec<Change<M>> {
        let changes = self.new.changes_since(&self.old, M::table());
        changes.into_iter().filter_map(|change| change.typed()).collect()
    }

    /// Lists what happened in the table that is called `name`, as [`of`](Self::of) does, with the rows as values in the
    /// order of the columns. A name without a table has no changes.
    pub fn of_table(&self, name: &str) -> Vec<Change<Vec<Value>>> {
        let metas = self.new.tables_unlike(&self.old).into_iter().filter(|meta| meta.name == name);
        let values = |meta| {
            let changes = self.new.changes_since(&self.old, meta).into_iter();
            changes.map(move |change| change.values(meta))
        };
        metas.flat_map(values).collect()
    }

    /// Lists the names of the tables that differ.
    pub fn tables(&self) -> Vec<&'static str> {
        let metas = self.new.tables_unlike(&self.old).into_iter();
        let changed = metas.filter(|meta| !self.new.changes_since(&self.old, meta).is_empty());
        changed.map(|meta| meta.name).collect()
    }

    /// Counts the rows that differ, in all tables.
    pub fn len(&self) -> usize {
        let metas = self.new.tables_unlike(&self.old).into_iter();
        metas.map(|meta| self.new.changes_since(&self.old, meta).len()).sum()
    }

    /// Tells whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.tables().is_empty()
    }
}

impl Snapshot {
    /// Compares with an earlier version, or any other: what happened from `before` to this one. O(1); each look at the
    /// result costs what differs, not what exists.
    ///
    /// Rows are paired by primary key. A row that was written with the values that it had is no difference; one that was
    /// deleted and added again with them stands in another place: an `Updated` without columns. Versions that share
    /// nothing (of databases that are no forks of each other) are compared row by row.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
    /// let before = db.snapshot();
    /// db.transaction(|s| {
    ///     s.update::<Item>(1, |item| item.qty = 0)?;
    ///     s.delete_by_key::<Item>(2)
    /// })?;
    /// let diff = db.snapshot().diff(&before);
    /// let [Change::Updated { old, new, columns }, Change::Deleted(gone)] = &diff.of::<Item>()[..] else { panic!() };
    /// assert_eq!((old.qty, new.qty, &columns[..], gone.id), (3, 0, &["qty"][..], 2));
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn diff(&self, before: &Self) -> Diff {
        Diff { old: before.world().clone(), new: self.world().clone() }
    }

    /// Hashes all rows, in row order: equal states hash equal, on every machine, whatever their history. For tests of
    /// reproducibility.
    ///
    /// Not counted are `version`, `on_update`, opaque and `#[model(unhashed)]` columns, and counters. The function stays
    /// the same for all releases of one minor version. O(rows) the first time; then O(changes · log rows), since versions
    /// share what they know.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let run = |qty| {
    ///     let db = Database::new();
    ///     db.transaction(|s| s.add(Item { id: 1, qty })).map(|_| db.state_hash())
    /// };
    /// assert_eq!(run(3)?, run(3)?);
    /// assert_ne!(run(3)?, run(4)?);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn state_hash(&self) -> StateHash {
        self.world().state_hash()
    }
}

impl super::Database {
    /// Hashes all rows of the newest version, as [`Snapshot::state_hash`] does.
    pub fn state_hash(&self) -> StateHash {
        self.snapshot().state_hash()
    }
}
