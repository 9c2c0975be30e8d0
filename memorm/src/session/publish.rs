//! `Session`: the end of a unit of work. Check, publish or undo.
use super::handle::Session;
use crate::trace::{Span, conflict};
use crate::world::Version;
use crate::{Error, Result};

impl Session {
    /// Checks now what is due at commit. Publishes nothing. O(rows written).
    ///
    /// # Errors
    /// `DanglingReference`, `StillReferenced`, and `Duplicate` of a deferred unique column. The session's writes stay.
    pub fn flush(&mut self) -> Result<()> {
        self.unit.own_view();
        self.unit.check_due()
    }

    /// Publishes all writes as one version, or none. Without changes it publishes nothing and returns the version that was
    /// read. The next call reads the newest version.
    ///
    /// Costs O(log n) for each row written and each of its indexes, and a comparison with what others have committed since.
    /// Holds a lock only while rows are put in their places. Your own code runs outside of it. Waits for a
    /// [`transaction`](crate::Database::transaction) that has lost four times, 100 ms at the most.
    ///
    /// # Errors
    /// `Conflict` where another session changed a row that this one wrote, or broke a rule together with it: roll back
    /// and do the work again. Those of [`flush`](Self::flush): mend it and commit again, or roll back. `InTransaction`
    /// inside of `transaction` and `nested`. The database and the session's writes stay as they were.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.add(Item::new("A-17", 3))?;
    /// let version = session.commit()?;
    /// assert_eq!(db.version(), version);
    ///
    /// let (mut one, mut other) = (db.session(), db.session());
    /// one.update::<Item>(1, |item| item.qty = 4)?;
    /// other.update::<Item>(1, |item| item.qty = 5)?;
    /// one.commit()?;
    /// assert!(other.commit().unwrap_err().is_conflict());
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn commit(&mut self) -> Result<Version> {
        if !self.is_in_closure() {
            self.unit.shared.precedence.wait();
        }
        self.commit_now()
    }

    /// Whether a closure of `transaction` or `nested` is running.
    pub(crate) fn is_in_closure(&self) -> bool {
        self.unit.depth > 0
    }

    /// Commits without a look at who goes first.
    pub(crate) fn commit_now(&mut self) -> Result<Version> {
        if self.is_in_closure() {
            return Err(Error::InTransaction);
        }
        let span = Span::commit();
        let _in_span = span.enter();
        let version = self.unit.commit().inspect_err(|error| {
            if error.is_conflict() {
                self.unit.shared.count_conflict();
                conflict(error);
            }
        })?;
        span.record_version(version.0);
        Ok(version)
    }

    /// Undoes all writes. The next call reads the newest version. O(rows written); waits for nobody.
    ///
    /// Inside of `nested` it undoes the closure's work, inside of `transaction` all; the closure can then write no more
    /// and its result is `RolledBack`.
    pub fn rollback(&mut self) {
        self.unit.rollback();
    }
}
