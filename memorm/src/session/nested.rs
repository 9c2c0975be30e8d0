//! Work that is undone as a whole: closures and savepoints.
use super::handle::Session;
use super::savepoints::Savepoint;
use crate::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

impl Session {
    /// Runs `work`; where it returns an error or panics, undoes just its work.
    ///
    /// # Errors
    /// What `work` returns; `RolledBack` where it called [`rollback`](Self::rollback).
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.add(Item::new("A-17", 3))?;
    /// let result = session.nested(|s| {
    ///     s.add(Item::new("A-18", 4))?;
    ///     s.add(Item::new("A-17", 5)) // a duplicate
    /// });
    /// assert!(result.is_err());
    /// assert_eq!(select::<Item>().count(&session)?, 1);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.unit.open_floor();
        let result = self.run_closure(work);
        self.unit.close_floor();
        result
    }

    /// Runs the closure of `nested` or `transaction`: what it did is undone where it fails.
    pub(crate) fn run_closure<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.unit.enter_closure();
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(result) => self.unit.leave_closure(result),
            Err(panic) => {
                let _ = self.unit.leave_closure::<()>(Err(Error::RolledBack));
                self.unit.close_floor();
                resume_unwind(panic)
            }
        }
    }

    /// Marks a point to roll back to. O(1); it ends with the commit or rollback of the whole.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.add(Item::new("A-17", 3))?;
    /// let here = session.savepoint();
    /// session.add(Item::new("A-18", 4))?;
    /// session.rollback_to(&here)?;
    /// assert_eq!(select::<Item>().count(&session)?, 1);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn savepoint(&mut self) -> Savepoint {
        self.unit.savepoint()
    }

    /// Undoes everything since `savepoint`, which stays; later savepoints are dropped.
    ///
    /// # Errors
    /// `StaleSavepoint` where it is not one of this transaction, or lies outside of the closure that is running.
    pub fn rollback_to(&mut self, savepoint: &Savepoint) -> Result<()> {
        self.unit.rollback_within(savepoint)
    }
}
