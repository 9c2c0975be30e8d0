//! `Snapshot`: a version that somebody holds.
use super::alive::Label;
use super::sessions::Sessions;
use super::shared::Shared;
use crate::Result;
use crate::inspect::dump;
use crate::link::Link;
use crate::model::{KeyRef, Model};
use crate::session::Query;
use crate::session::not_found_of;
use crate::world::{DynamicTable, Version, World};
use std::fmt;
use std::sync::Arc;

/// A version of the whole database, held: later commits do not change it, and it blocks nobody.
///
/// `Clone` copies a pointer. Rows that were replaced or deleted since live as long as a snapshot of them does: drop it
/// when it is done with. The last one of a version frees them, or leaves them to the sessions that commit meanwhile on another thread: these
/// free them bit by bit, with each commit, and all when the last session is dropped.
#[derive(Clone)]
pub struct Snapshot {
    world: Link<World>,
    /// Shown by `stats` as long as it is held.
    _label: Option<Arc<Label>>,
    /// Who may free the version, where it is not held by others anyway.
    sessions: Option<Arc<Sessions>>,
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if let Some(sessions) = &self.sessions
            && Link::is_unique(&self.world)
        {
            sessions.leave(&self.world);
        }
    }
}

// A snapshot never changes.
impl std::panic::UnwindSafe for Snapshot {}
impl std::panic::RefUnwindSafe for Snapshot {}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(crate) fn new(world: Link<World>) -> Self {
        Self { world, _label: None, sessions: None }
    }

    /// The newest version.
    pub(super) fn of(shared: &Shared) -> Self {
        Self { world: shared.head(), _label: None, sessions: shared.opened_sessions().cloned() }
    }

    pub(super) fn labelled(world: Link<World>, label: Arc<Label>, shared: &Shared) -> Self {
        Self { world, _label: Some(label), sessions: shared.opened_sessions().cloned() }
    }

    /// The same, freed by who drops it.
    pub(super) fn not_left_to_sessions(mut self) -> Self {
        self.sessions = None;
        self
    }

    #[inline]
    pub(crate) fn world(&self) -> &Link<World> {
        &self.world
    }

    /// Returns the number of the version.
    pub fn version(&self) -> Version {
        self.world.version
    }

    /// Returns the row with that key. O(log n); allocates nothing, also for text and composite keys.
    pub fn get<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<Arc<M>> {
        self.world.get_told::<M>(&key).cloned()
    }

    /// Returns the row with that key, which must be there.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_one<M: Model>(&self, key: impl KeyRef<M::Key>) -> Result<Arc<M>> {
        self.world.get_told::<M>(&key).cloned().ok_or_else(|| not_found_of::<M>(&key))
    }

    /// Borrows the row with that key: no reference count is touched.
    #[inline]
    pub fn peek<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<&M> {
        self.world.get_told::<M>(&key).map(|row| &**row)
    }

    /// Runs a query and collects its rows.
    ///
    /// # Errors
    /// What the query's `all` gives.
    pub fn all<Q: Query>(&self, query: Q) -> Result<Vec<Q::Row>> {
        query.all(self)
    }

    /// Finds a table by name, for tools.
    ///
    /// # Errors
    /// `NoSuchTable`.
    pub fn table(&self, name: &str) -> Result<DynamicTable> {
        DynamicTable::find(self.world.clone(), name)
    }

    /// Writes all rows as text, for golden files: equal states give equal text.
    ///
    /// A paragraph for each table that has rows, by name: the table's name with its columns, then each row on a line of
    /// its own, in row order, indented by two blanks. Text is quoted as in Rust, `None` is `null`, bytes are `0x…`, an
    /// opaque column is `?`. O(all rows).
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, name: String, price: Option<f64> }
    /// let db = Database::new();
    /// db.transaction(|s| {
    ///     s.add(Item { id: 1, name: "foo".into(), price: Some(9.5) })?;
    ///     s.add(Item { id: 2, name: "bar".into(), price: None })
    /// })?;
    /// assert_eq!(db.snapshot().dump(), r#"items (id, name, price)
    ///   1, "foo", 9.5
    ///   2, "bar", null
    /// "#);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn dump(&self) -> String {
        dump(&self.world)
    }

    /// Rebuilds and compares every index and checks every constraint. O(all rows).
    ///
    /// # Panics
    /// Where something is wrong, which a test is meant to see.
    pub fn assert_consistent(&self) {
        if let Some(wrong) = self.world.inconsistency() {
            panic!("{wrong}");
        }
    }
}
