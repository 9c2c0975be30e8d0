//! `Rows`: a select with a projection.
use super::plan::Plan;
use crate::expr::ReadRow;
use std::fmt;

/// A question for rows of type `T`: what [`Select::select`](super::Select::select) gives.
#[must_use = "a select does nothing until `.all(&session)`, `.first(..)`, `.iter(..)` … runs it"]
pub struct Rows<T> {
    pub(crate) plan: Plan,
    /// Reads one row; `None` where a type cannot hold a value.
    pub(crate) read: ReadRow<T>,
}

impl<T> Rows<T> {
    /// Borrows the statement as data.
    pub fn inspect(&self) -> &Plan {
        &self.plan
    }
}
impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), read: self.read }
    }
}
impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rows").field(&self.plan).finish()
    }
}
