//! `Iter`: the rows of a query one by one, borrowed from a version that is held.
use super::source::{BorrowSource, Held};
use crate::expr::Scope;
use crate::plan::{Group, Run, project, resolve};
use crate::query::{Plan, Rows, Select};
use crate::world::World;
use crate::{Error, Result};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

impl<S: Scope> Select<S> {
    /// Walks the rows, borrowed: no reference count is touched. Rows are filtered a batch of four thousand ahead at the
    /// most.
    ///
    /// The item is an error where the filter has no value for a row; the walk ends there. With a subquery in it, the whole
    /// statement is run before the first row.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
    /// let (query, snapshot) = (select::<Item>(), db.snapshot());
    /// let mut total = 0;
    /// for item in query.iter(&snapshot) {
    ///     total += item?.qty;
    /// }
    /// assert_eq!(total, 7);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn iter<'a>(&'a self, source: &'a impl BorrowSource) -> Iter<'a, S::Shared<'a>> {
        Iter::new(source.borrow_view(), &self.plan, |group, out| {
            S::shared(&group.frame, out);
            Ok(())
        })
    }
}

impl<T> Rows<T> {
    /// Walks the rows, each computed a batch ahead at the most.
    ///
    /// The item is an error where an expression has no value for a row; the walk ends there.
    pub fn iter<'a>(&'a self, source: &'a impl BorrowSource) -> Iter<'a, T> {
        Iter::new(source.borrow_view(), &self.plan, |group, out| {
            project(self.plan.table, group.items, &group.frame, self.read, out)
        })
    }
}

type Read<'a, T> = Box<dyn for<'p> Fn(&Group<'a, 'p>, &mut Vec<T>) -> Result<()> + 'a>;

/// The rows of a query, one by one, from `iter`.
pub struct Iter<'a, T> {
    run: Result<Run<'a, 'a>, Option<Error>>,
    read: Read<'a, T>,
    ready: VecDeque<T>,
}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}

impl<'a, T> Iter<'a, T> {
    fn new(
        source: Held<'a>,
        plan: &'a Plan,
        read: impl for<'p> Fn(&Group<'a, 'p>, &mut Vec<T>) -> Result<()> + 'a,
    ) -> Self {
        let run = match resolve(source.0, plan) {
            Ok(Cow::Borrowed(plan)) => Run::new(source.0, plan, None).map_err(Some),
            // the answers live as long as this call: the rows are found in it
            Ok(Cow::Owned(plan)) => {
                let mut ready = Vec::new();
                let end = read_all(source.0, &plan, &read, &mut ready);
                return Self { run: Err(end.err()), read: Box::new(read), ready: ready.into() };
            }
            Err(error) => Err(Some(error)),
        };
        Self { run, read: Box::new(read), ready: VecDeque::new() }
    }
}

/// Reads all rows of a plan, up to the first that has no value.
fn read_all<'w, T>(
    world: &'w World,
    plan: &Plan,
    read: &impl for<'p> Fn(&Group<'w, 'p>, &mut Vec<T>) -> Result<()>,
    rows: &mut Vec<T>,
) -> Result<()> {
    let mut run = Run::new(world, plan, None)?;
    while let Some(group) = run.next()? {
        read(&group, rows)?;
    }
    Ok(())
}

impl<T> Iterator for Iter<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        while self.ready.is_empty() {
            let run = match &mut self.run {
                Ok(run) => run,
                Err(error) => return error.take().map(Err),
            };
            let mut rows = Vec::new();
            match run.next().and_then(|group| group.map(|group| (self.read)(&group, &mut rows)).transpose()) {
                Ok(Some(())) => {}
                Ok(None) => return None,
                Err(error) => self.run = Err(Some(error)),
            }
            self.ready.extend(rows);
        }
        self.ready.pop_front().map(Ok)
    }
}
