//! `Live`: a result that keeps up with its database.
use super::kept::{Kept, can_be_kept};
use crate::Result;
use crate::database::{Database, Shared, Snapshot};
use crate::link::Link;
use crate::plan::{Group, Grouped};
use crate::query::Plan;
use crate::session::Query;
use crate::world::{Budget, Version, World};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The result of a query, kept up to date; from [`Database::live`].
///
/// Selects over one table (any filter, `order_by`, `limit`, `offset`, projections but window functions) are kept from what
/// changed: each call costs O(changes · log rows) since the last one, and then what it returns. When a row leaves the first
/// rows of a `limit`, the next one moves up.
///
/// So are the groups of one table. Counts, `sum` and `avg` of integers, `first` and `last` cost O(changes · log rows), and so do
/// `min` and `max` until their value leaves; other aggregates cost a pass over the rows of the groups in which
/// something changed. Then come `having`, `order_by` and `limit` of all groups, O(groups).
///
/// Everything else runs again where a table has changed; [`is_incremental`](Self::is_incremental) tells which. The closures of
/// a query that is kept must give the same for the same row, else its result is unspecified.
///
/// A live result is pulled: it catches up when it is asked, and no commit waits for it. It holds the version that it was
/// last asked about, and the one of the rows that were last read.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone, Debug)] struct Item { #[model(primary_key)] id: u64, price: f64 }
/// let db = Database::new();
/// db.transaction(|s| s.add_all([(1, 3.0), (2, 1.0), (3, 2.0)].map(|(id, price)| Item { id, price })))?;
/// let cheapest = db.live(select::<Item>().order_by(Item::PRICE).limit(2).select(Item::ID));
/// assert_eq!(cheapest.rows(), [2, 3]);
/// db.transaction(|s| s.delete_by_key::<Item>(2))?;
/// assert_eq!(cheapest.rows(), [3, 1]);
///
/// let what_if = db.fork();
/// what_if.transaction(|s| s.update::<Item>(1, |item| item.price = 0.5))?;
/// let theirs = cheapest.on(&what_if); // moves over by what differs
/// assert_eq!((theirs.rows(), cheapest.rows()), (vec![1, 3], vec![3, 1]));
/// # Ok::<_, memorm::Error>(())
/// ```
pub struct Live<T> {
    query: Arc<dyn Ask<T>>,
    source: Source,
    state: Mutex<State>,
    is_incremental: bool,
}

/// What a live result keeps up with.
#[derive(Clone)]
enum Source {
    Database(Arc<Shared>),
    Version(Link<World>),
}

/// What a live result knows.
struct State {
    /// The version that `kept` is right for.
    world: Link<World>,
    /// `None` where the query is run again: always, or because it has no value for some row of this version.
    kept: Option<Kept>,
    /// The version of the last look at the result.
    seen: Link<World>,
}

/// A query without its type.
trait Ask<T>: Send + Sync {
    fn plan(&self) -> &Plan;
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<T>) -> Result<()>;
    fn is_read_by_group(&self) -> bool;
    fn read_grouped(&self, grouped: &Grouped) -> Result<Vec<T>>;
    fn all(&self, snapshot: &Snapshot) -> Result<Vec<T>>;
    fn count(&self, snapshot: &Snapshot) -> Result<usize>;
}

impl<Q: Query + Send + Sync> Ask<Q::Row> for Q {
    fn plan(&self) -> &Plan {
        Query::plan(self)
    }
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<Q::Row>) -> Result<()> {
        Query::read(self, group, out)
    }
    fn is_read_by_group(&self) -> bool {
        Query::is_read_by_group(self)
    }
    fn read_grouped(&self, grouped: &Grouped) -> Result<Vec<Q::Row>> {
        Query::read_grouped(self, grouped)
    }
    fn all(&self, snapshot: &Snapshot) -> Result<Vec<Q::Row>> {
        Query::all(self, snapshot)
    }
    fn count(&self, snapshot: &Snapshot) -> Result<usize> {
        Query::count(self, snapshot)
    }
}

impl<T> fmt::Debug for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("version", &self.lock().world.version)
            .field("is_incremental", &self.is_incremental)
            .finish_non_exhaustive()
    }
}

impl<T> Live<T> {
    fn new(query: Arc<dyn Ask<T>>, source: Source) -> Self {
        let plan = query.plan();
        let is_incremental = (query.is_read_by_group() || plan.group.is_some()) && can_be_kept(plan);
        let world = Link::new(World::default());
        let state = Mutex::new(State { seen: world.clone(), world, kept: None });
        let live = Self { query, source, state, is_incremental };
        let (_, mut state) = live.caught_up();
        state.seen = state.world.clone();
        drop(state);
        live
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn head(&self) -> Link<World> {
        match &self.source {
            Source::Database(shared) => shared.head(),
            Source::Version(world) => world.clone(),
        }
    }

    /// The state, moved to the newest version, and the version before. That is to be dropped after the state is unlocked:
    /// rows that are dropped with it may ask this result.
    fn caught_up(&self) -> (Link<World>, MutexGuard<'_, State>) {
        let head = self.head();
        let mut state = self.lock();
        if self.is_incremental {
            let plan = self.query.plan();
            // taken out while user code may panic in it: what is half done is not kept
            state.kept = match state.kept.take() {
                Some(kept) => kept.follow(plan, &state.world, &head),
                None => Kept::of(plan, &head),
            };
        }
        let before = std::mem::replace(&mut state.world, head);
        (before, state)
    }

    fn read(&self, kept: &Kept, world: &World) -> Result<Vec<T>> {
        let plan = self.query.plan();
        match kept {
            Kept::Groups(groups) => self.query.read_grouped(&groups.grouped(plan)),
            Kept::Rows(kept) => {
                let mut rows = Vec::with_capacity(kept.count(plan));
                let budget = Budget::start(world, plan.table.name);
                let read = |group: &Group<'_, '_>| {
                    self.query.read(group, &mut rows)?;
                    budget.check(rows.len(), size_of::<T>())
                };
                kept.read(plan, world, read).map(|()| rows)
            }
        }
    }

    /// Returns the rows of the newest version, as the query run again would.
    ///
    /// Where the query has no value there (an overflow, a division by zero), there are none:
    /// [`try_rows`](Self::try_rows) gives the error.
    pub fn rows(&self) -> Vec<T> {
        self.try_rows().unwrap_or_default()
    }

    /// Returns the rows of the newest version.
    ///
    /// # Errors
    /// What the query's `all` gives there.
    pub fn try_rows(&self) -> Result<Vec<T>> {
        let (before, mut state) = self.caught_up();
        let world = state.world.clone();
        let read = state.kept.as_ref().map(|kept| self.read(kept, &world));
        let seen = std::mem::replace(&mut state.seen, world.clone());
        drop(state);
        drop((before, seen));
        match read {
            Some(Ok(rows)) => Ok(rows),
            // what has no value for a row is run again, for its error
            _ => self.query.all(&Snapshot::new(world)),
        }
    }

    /// Counts the rows of the newest version without reading them; of groups, reads all.
    ///
    /// # Errors
    /// What the query's `count` gives there.
    pub fn count(&self) -> Result<usize> {
        // of the two the state is dropped first
        let (_before, state) = self.caught_up();
        match &state.kept {
            Some(Kept::Rows(rows)) => return Ok(rows.count(self.query.plan())),
            Some(kept @ Kept::Groups(_)) => {
                if let Ok(groups) = self.read(kept, &state.world) {
                    return Ok(groups.len());
                }
            }
            None => {}
        }
        let snapshot = Snapshot::new(state.world.clone());
        drop(state);
        self.query.count(&snapshot)
    }

    /// Tells whether a table of the database has changed since the rows were last read. O(tables); a change that does not
    /// touch the result counts too where the query is not incremental.
    pub fn changed(&self) -> bool {
        let head = self.head();
        let state = self.lock();
        if Link::ptr_eq(&state.seen, &head) {
            return false;
        }
        let tables = head.tables_unlike(&state.seen);
        match self.is_incremental {
            true => tables.iter().any(|meta| std::ptr::eq(*meta, self.query.plan().table)),
            false => !tables.is_empty(),
        }
    }

    /// Returns the version of the rows that were last read.
    pub fn version(&self) -> Version {
        self.lock().seen.version
    }

    /// Tells whether the result is kept from what changed; else the query runs again at each call: joins, `after`,
    /// `distinct`, set operations, subqueries, related rows, groups of a limited number of rows.
    pub fn is_incremental(&self) -> bool {
        self.is_incremental
    }

    /// Makes the same result live on another database, such as a fork. It costs what the two differ in when it is first
    /// asked.
    pub fn on(&self, database: &Database) -> Self {
        self.moved(Source::Database(database.shared().clone()))
    }

    /// Makes the same result for a version that is held: a snapshot, a checkpoint. It costs what differs.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug)] struct Item { #[model(primary_key)] id: u64, price: f64 }
    /// let db = Database::new();
    /// let before = db.snapshot();
    /// let live = db.live(select::<Item>());
    /// db.transaction(|s| s.add(Item { id: 1, price: 3.0 }))?;
    /// assert_eq!((live.rows().len(), live.at(&before).rows().len()), (1, 0));
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn at(&self, snapshot: &Snapshot) -> Self {
        self.moved(Source::Version(snapshot.world().clone()))
    }

    fn moved(&self, source: Source) -> Self {
        let state = self.lock();
        let copy = State { world: state.world.clone(), kept: state.kept.clone(), seen: state.seen.clone() };
        drop(state);
        Self {
            query: self.query.clone(),
            source,
            state: Mutex::new(copy),
            is_incremental: self.is_incremental,
        }
    }
}

impl Database {
    /// Keeps the result of a query up to date: [`Live::rows`] equals the query run again on the newest version, and costs
    /// what changed. A fork takes it over by [`Live::on`].
    pub fn live<Q: Query + Send + Sync + 'static>(&self, query: Q) -> Live<Q::Row> {
        Live::new(Arc::new(query), Source::Database(self.shared().clone()))
    }
}
