//! `Database`: the newest version and the sessions that make the next.
use super::builder::Builder;
use super::isolation::Isolation;
use super::shared::Shared;
use super::snapshot::Snapshot;
use crate::Result;
use crate::link::Link;
use crate::model::Model;
use crate::session::Session;
use crate::table::table_type;
use crate::world::Version;
use std::fmt;
use std::sync::Arc;

/// A database in RAM. Share it as `&Database` or `Arc<Database>`; a copy is a [`fork`](Database::fork).
///
/// Tables appear when a model is first written. Dropping the database drops what no snapshot or session holds.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[model(constructor = new)]
/// struct Item { #[model(primary_key, auto)] id: u64, name: String }
///
/// let db = Database::new();
/// let mut session = db.session();
/// let item = session.add(Item::new("foo"))?;
/// session.commit()?;
/// assert_eq!(db.snapshot().get::<Item>(item.id).unwrap().name, "foo");
/// # Ok::<_, memorm::Error>(())
/// ```
pub struct Database {
    pub(super) shared: Arc<Shared>,
}

// A panic of the caller's code leaves the database as it was.
impl std::panic::UnwindSafe for Database {}
impl std::panic::RefUnwindSafe for Database {}

impl Default for Database {
    fn default() -> Self {
        Builder::default().build()
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl Database {
    /// Makes an empty database with the usual settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a database with settings of its own.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// let db = Database::builder().attempts(3).clock(|| 0u64).build();
    /// assert_eq!(db.version(), Version(0));
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(super) fn with(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Opens a session. Any number may be open; none waits for another.
    pub fn session(&self) -> Session {
        self.session_with(self.shared.settings.isolation)
    }

    /// Opens a session with an isolation of its own.
    ///
    /// What Serializable promises holds among sessions that have it: one at Snapshot may commit on what it read before.
    pub fn session_with(&self, isolation: Isolation) -> Session {
        Session::new(self.shared.clone(), isolation)
    }

    /// Returns the newest version. O(1); later commits do not change it, and it blocks none.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// let before = db.snapshot();
    /// db.transaction(|s| s.update::<Item>(1, |i| i.qty = 4))?;
    /// assert_eq!(before.peek::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.shared)
    }

    #[cfg(feature = "async")]
    pub(crate) fn attempts(&self) -> u32 {
        self.shared.settings.attempts
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn newest(&self) -> Link<crate::world::World> {
        self.shared.head()
    }

    /// Returns the number of the newest version.
    pub fn version(&self) -> Version {
        self.shared.head().version
    }

    /// Makes an independent database that starts as this one is now and shares every row with it. O(1). It has the same
    /// settings, and its `auto` keys go on from here.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// let what_if = db.fork();
    /// what_if.transaction(|s| s.update::<Item>(1, |i| i.qty = 0))?;
    /// assert_eq!(db.snapshot().get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn fork(&self) -> Self {
        Self::with(Shared::new(self.shared.head(), self.shared.settings.clone()))
    }

    /// Names a table ahead of its first row: publishes it, empty. Not needed to use a model.
    ///
    /// # Errors
    /// `Schema` where another model has the table's name; `Busy` while somebody holds an `Exclusive`.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// assert!(db.snapshot().table("item").is_err());
    /// db.register::<Item>()?;
    /// assert_eq!(db.snapshot().table("item")?.columns(), ["id", "qty"]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn register<M: Model>(&self) -> Result<()> {
        self.shared.add_table(table_type::<M>())
    }

    /// Publishes a version without rows. Counters of `auto` columns go on. Snapshots keep what they hold. A session that
    /// has changed rows meets a conflict.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key, auto)] id: u64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 0 }))?;
    /// db.clear();
    /// assert_eq!(select::<Item>().count(&db)?, 0);
    /// assert_eq!(db.transaction(|s| s.add(Item { id: 0 }))?.id, 2);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn clear(&self) -> Version {
        self.shared.replace_head(crate::world::World::cleared)
    }

    /// Rebuilds and compares every index and checks every constraint of the newest version. O(all rows).
    ///
    /// # Panics
    /// Where something is wrong, which a test is meant to see.
    pub fn assert_consistent(&self) {
        self.snapshot().assert_consistent();
    }
}
