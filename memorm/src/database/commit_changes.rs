//! `CommitChanges`: what one commit did.
use super::diff::Diff;
use super::snapshot::Snapshot;
use crate::link::Link;
use crate::model::Model;
use crate::value::Value;
use crate::world::{Change, Version, World};
use std::fmt;

/// The changes of one commit, from a [`Feed`](super::Feed) or to a hook of [`on_commit`](crate::Database::on_commit).
///
/// It holds the version before and the version after; differences are computed when they are asked for, from what the two
/// do not share. Rows that were replaced live as long as it does.
#[derive(Clone)]
pub struct CommitChanges {
    pub(super) diff: Diff,
    /// How many commits before this one are told with it.
    pub(super) missed: u64,
}

/// A reader was too slow: so many commits before this one are told with it, as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged(pub u64);

impl fmt::Debug for CommitChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitChanges")
            .field("version", &self.version())
            .field("tables", &self.tables())
            .field("lagged", &self.lagged())
            .finish()
    }
}

impl CommitChanges {
    pub(super) fn new(old: Link<World>, new: Link<World>) -> Self {
        Self { diff: Diff { old, new }, missed: 0 }
    }

    /// Returns the number of the version that the commit made.
    pub fn version(&self) -> Version {
        self.diff.new.version
    }

    /// Tells whether the reader was too slow. Where it was, the changes are those of all commits since the last that it
    /// read, so nothing is missing but the steps between: a row that was added and deleted again does not show.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64 }
    /// let db = Database::new();
    /// let mut feed = db.subscribe_with(2);
    /// for id in 1..=5 {
    ///     db.transaction(|s| s.add(Item { id }))?;
    /// }
    /// let commit = feed.try_next().unwrap();
    /// assert_eq!((commit.version(), commit.lagged()), (Version(4), Some(Lagged(3))));
    /// assert_eq!(commit.of::<Item>().len(), 4);
    /// assert_eq!(feed.try_next().unwrap().lagged(), None);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn lagged(&self) -> Option<Lagged> {
        (self.missed > 0).then_some(Lagged(self.missed))
    }

    /// Lists what happened to the rows of one model, in row order; a deleted row stands where it was. A key that was
    /// deleted and added again is one `Updated`. Costs what changed.
    pub fn of<M: Model>(&self) -> Vec<Change<M>> {
        self.diff.of().into()
    }

    /// Lists the names of the tables that changed.
    pub fn tables(&self) -> Vec<&'static str> {
        self.diff.tables()
    }

    /// Lists what happened in the table that is called `name`, as [`of`](Self::of) does, with the rows as values in the
    /// order of the columns. A name without a table has no changes.
    pub fn of_table(&self, name: &str) -> Vec<Change<Vec<Value>>> {
        self.diff.of_table(name)
    }

    /// Tells whether no row changed: `register`, or a commit that used up keys alone.
    pub fn is_empty(&self) -> bool {
        self.diff.is_empty()
    }

    /// Returns the version that the commit made. O(1).
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.diff.new.clone())
    }

    /// Returns the version before the commit. O(1).
    pub fn before(&self) -> Snapshot {
        Snapshot::new(self.diff.old.clone())
    }
}
