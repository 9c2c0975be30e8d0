//! `Database::transaction`: a closure that commits.
use super::handle::Database;
use super::precedence::{First, goes_first};
use super::sync::pause;
use crate::Result;
use crate::session::Session;
use crate::trace::Span;
use std::time::Instant;

/// Beyond so many attempts the pauses do not grow.
const GROWS: u32 = 12;

/// How long no transaction waits after a conflict, in microseconds.
const TOO_LONG: u64 = 50_000;

/// How many times as long as its attempt takes a transaction waits after a conflict: more after each attempt. Conflicts
/// that follow each other in a database, by their `number`, wait for different times, so that the same transactions do not
/// meet again.
pub(crate) fn back_off(attempt: u32, number: u64) -> u64 {
    // the golden ratio spreads successive numbers evenly over the half before the longest pause
    let place = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let half = attempt.min(GROWS) - 1;
    (1 << half) + ((place << half) >> 32)
}

impl Database {
    /// Runs `work` in a session and commits. Rolls back where it returns an error or panics; runs it again on a
    /// conflict, up to 16 times ([`attempts`](super::Builder::attempts)), with a growing pause: a multiple of what the
    /// attempt took, 50 ms at the most.
    ///
    /// From the fifth attempt on it goes first: commits of others wait until the attempt is over, 100 ms at the most. So
    /// a closure that takes less than that gets through, however many write the same rows.
    ///
    /// Errors of your own leave the closure through [`Error::other`](crate::Error::other).
    ///
    /// # Errors
    /// What `work` returns, which is not retried; what the commit finds. A conflict after the last attempt is returned.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// let qty = db.transaction(|s| Ok(s.update::<Item>(1, |i| i.qty -= 1)?.qty))?;
    /// assert_eq!(qty, 2);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn transaction<T>(&self, mut work: impl FnMut(&mut Session) -> Result<T>) -> Result<T> {
        let mut session = self.session();
        let mut attempt = 1;
        // an attempt that conflicts is timed when it runs again: most do not
        let mut began: Option<Instant> = None;
        loop {
            let retry = (attempt > 1).then(|| Span::retry(attempt));
            let _in_span = retry.as_ref().map(Span::enter);
            let first = goes_first(attempt).then(|| First::wait(&self.shared)).flatten();
            let value = session.run_closure(&mut work)?;
            let committed = session.commit();
            drop(first);
            match committed {
                Ok(_) => return Ok(value),
                Err(error) if error.is_conflict() && attempt < self.shared.settings.attempts => {
                    session.rollback();
                    attempt += 1;
                    if !goes_first(attempt) {
                        let took = began.map_or(1, |began| began.elapsed().as_micros().max(1) as u64);
                        let wait = back_off(attempt - 1, self.shared.conflicts()).saturating_mul(took);
                        pause(wait.min(TOO_LONG));
                    }
                    began = Some(Instant::now());
                }
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::back_off;
    use std::collections::HashSet;

    #[test]
    fn pauses_double_up_to_a_limit() {
        for number in [0, 1, 77, u64::MAX] {
            for attempt in 1..=12 {
                let range = 1 << (attempt - 1)..1 << attempt;
                assert!(range.contains(&back_off(attempt, number)), "{attempt}");
            }
            assert_eq!(back_off(13, number), back_off(12, number));
        }
    }

    #[test]
    fn conflicts_in_a_row_wait_for_different_times() {
        for first in [0, 5, 1 << 40] {
            let times: HashSet<u64> = (first..first + 16).map(|number| back_off(6, number)).collect();
            assert!(times.len() > 12, "{times:?}");
        }
    }
}
