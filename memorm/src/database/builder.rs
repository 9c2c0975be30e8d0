//! `Builder`: how a database is to behave.
use super::handle::Database;
use super::isolation::Isolation;
use super::shared::{Settings, Shared};
use crate::model::ClockTime;
use crate::world::World;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// Settings of a new [`Database`], from [`Database::builder`].
#[derive(Clone)]
#[must_use = "a builder makes a database by `.build()`"]
pub struct Builder(Settings);

impl Default for Builder {
    fn default() -> Self {
        Self(Settings {
            clock: Arc::new(|| SystemTime::now().to_ticks()),
            attempts: 16,
            isolation: Isolation::Snapshot,
        })
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

    /// Sets how far sessions are kept apart; [`Isolation::Snapshot`] by default. Forks keep it.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.0.isolation = isolation;
        self
    }

    /// Makes an empty database.
    pub fn build(self) -> Database {
        Database::with(Shared::new(Arc::new(World::default()), self.0))
    }
}
