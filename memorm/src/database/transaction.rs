//! `Database::transaction`: a closure that commits.
use super::handle::Database;
use super::sync::pause;
use crate::Result;
use crate::session::Session;
use crate::trace::Span;

impl Database {
    /// Runs `work` in a session and commits. Rolls back where it returns an error or panics; runs it again on a
    /// conflict, up to 16 times ([`attempts`](super::Builder::attempts)), with a growing pause.
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
        loop {
            let retry = (attempt > 1).then(|| Span::retry(attempt));
            let _in_span = retry.as_ref().map(Span::enter);
            let value = session.run_closure(&mut work)?;
            match session.commit() {
                Ok(_) => return Ok(value),
                Err(error) if error.is_conflict() && attempt < self.shared.settings.attempts => {
                    session.rollback();
                    pause(attempt);
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
