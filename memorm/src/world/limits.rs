//! What a statement may take.
use super::World;
use crate::{Error, Result};
use std::time::{Duration, Instant};

/// The limits of the builder. A version carries them to the statements that run on it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) rows: Option<usize>,
    pub(crate) bytes: Option<usize>,
    pub(crate) time: Option<Duration>,
}

/// What is left for one statement. Without limits it looks at no clock.
pub(crate) struct Budget {
    limits: Limits,
    table: &'static str,
    started: Option<Instant>,
}

impl Budget {
    pub(crate) fn start(world: &World, table: &'static str) -> Self {
        let limits = world.limits.as_deref().copied().unwrap_or_default();
        Self { limits, table, started: limits.time.map(|_| Instant::now()) }
    }

    /// Checks the time and that the statement may hold so many rows, each of so many bytes. Called once a batch.
    ///
    /// # Errors
    /// `LimitExceeded`.
    #[inline]
    pub(crate) fn check(&self, rows: usize, row_bytes: usize) -> Result<()> {
        let Limits { rows: most, bytes, time } = self.limits;
        if most.is_none() && bytes.is_none() && time.is_none() {
            return Ok(());
        }
        let is_late = |time: Duration| self.started.is_some_and(|started| started.elapsed() > time);
        if let Some(most) = most.filter(|most| rows > *most) {
            return Err(self.exceeded(format!("{most} rows")));
        }
        if let Some(most) = bytes.filter(|most| rows.saturating_mul(row_bytes) > *most) {
            return Err(self.exceeded(format!("{most} bytes")));
        }
        if let Some(time) = time.filter(|time| is_late(*time)) {
            return Err(self.exceeded(format!("{time:?}")));
        }
        Ok(())
    }

    #[cold]
    fn exceeded(&self, limit: String) -> Error {
        Error::LimitExceeded { table: self.table, limit }
    }
}
