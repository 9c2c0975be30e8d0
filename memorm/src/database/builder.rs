//! `Builder`: how a database is to behave.
use super::handle::Database;
use super::isolation::Isolation;
use super::shared::{Settings, Shared};
use crate::link::Link;
use crate::model::ClockTime;
use crate::world::{Limits, World};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Settings of a new [`Database`], from [`Database::builder`].
#[derive(Clone)]
#[must_use = "a builder makes a database by `.build()`"]
pub struct Builder(Settings, Option<Limits>);

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings {
            clock: Arc::new(|| SystemTime::now().to_ticks()),
            attempts: 16,
            history: 0,
            isolation: Isolation::Snapshot,
        };
        Self(settings, None)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("attempts", &self.0.attempts).finish_non_exhaustive()
    }
}

impl Builder {
    /// Sets the clock that `default = now` and `on_update = now` read; the system's by default.
    ///
    /// The closure returns a timestamp, or an integer: the tick of a simulation.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Event { #[model(primary_key, auto)] id: u64, #[model(default = now)] at: u64 }
    /// let db = Database::builder().clock(|| 42u64).build();
    /// let event = db.transaction(|s| s.add(Event { id: 0, at: 0 }))?;
    /// assert_eq!(event.at, 42);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn clock<T: ClockTime>(mut self, clock: impl Fn() -> T + Send + Sync + 'static) -> Self {
        self.0.clock = Arc::new(move || clock().to_ticks());
        self
    }

    /// Sets how often [`Database::transaction`] runs its closure before a conflict is final; 16 by default, at least 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts.max(1);
        self
    }

    /// Keeps the last `versions` versions for [`as_of`](Database::as_of), [`undo`](Database::undo) and
    /// [`redo`](Database::redo); none by default. Costs the rows that were replaced in them, and each commit makes its version
    /// beside the newest instead of in place.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64 }
    /// let db = Database::builder().history(10).build();
    /// db.transaction(|s| s.add(Item { id: 1 }))?;
    /// db.undo()?;
    /// assert_eq!(select::<Item>().count(&db)?, 0);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn history(mut self, versions: usize) -> Self {
        self.0.history = versions;
        self
    }

    /// Sets how far sessions are kept apart; [`Isolation::Snapshot`] by default. Forks keep it.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.0.isolation = isolation;
        self
    }

    /// Limits how many rows one statement may give, hold to sort them, change or add. No limit by default; `count`,
    /// aggregates and `iter` hold no rows. Checked once a batch of four thousand rows at the most.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug)] #[model(table = "items")] struct Item { #[model(primary_key)] id: u64 }
    /// let db = Database::builder().max_rows(10).build();
    /// db.transaction(|s| s.add_all((0..100).map(|id| Item { id })))?;
    /// let error = select::<Item>().all(&db).unwrap_err();
    /// assert_eq!(error.to_string(), "statement on items takes more than 10 rows");
    /// assert_eq!(select::<Item>().limit(10).all(&db)?.len(), 10);
    /// assert_eq!(select::<Item>().count(&db)?, 100);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.1.get_or_insert_default().rows = Some(rows);
        self
    }

    /// Limits the bytes of the rows that one statement may give or hold: a pointer for a whole row, the struct or tuple of
    /// a projection; what these own on the heap is not counted. No limit by default. Checked once a batch.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.1.get_or_insert_default().bytes = Some(bytes);
        self
    }

    /// Limits how long one statement may run, by the monotonic clock. No limit by default, and then no clock is read.
    /// Checked once a batch; an `iter` counts the time of the loop around it.
    pub fn statement_limit(mut self, time: Duration) -> Self {
        self.1.get_or_insert_default().time = Some(time);
        self
    }

    /// Makes an empty database.
    pub fn build(self) -> Database {
        let empty = self.1.map_or_else(World::default, World::limited);
        Database::with(Shared::new(Link::new(empty), self.0))
    }
}
