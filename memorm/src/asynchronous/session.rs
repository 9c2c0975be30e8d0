//! `AsyncSession`: a session whose turn to commit is awaited.
use super::pause::pause;
use crate::Result;
use crate::database::First;
use crate::plan::{Run, resolve};
use crate::session::{BorrowSource, Held, Query, Session, Source, Target, View};
use crate::world::Version;
use crate::{Error, session};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::Mutex;

/// After so many batches of up to about four thousand rows, a query lets others run.
const BATCHES: usize = 4;

/// A [`Session`] whose commit is awaited. Everything that does not wait is `Session`'s, by deref.
///
/// Dropping it, or the future of a `commit` that still waits for its turn, publishes nothing.
#[derive(Debug)]
pub struct AsyncSession {
    session: Session,
    turn: Arc<Mutex<()>>,
}

impl AsyncSession {
    pub(super) fn new(session: Session, turn: Arc<Mutex<()>>) -> Self {
        Self { session, turn }
    }

    pub(super) fn enter_closure(&mut self) {
        self.session.unit.enter_closure();
    }

    pub(super) fn leave_closure<T>(&mut self, result: Result<T>) -> Result<T> {
        self.session.unit.leave_closure(result)
    }

    /// Whether a transaction that keeps losing goes first.
    fn is_preceded(&self) -> bool {
        !self.session.is_in_closure() && self.session.unit.shared.precedence.is_in_the_way()
    }

    /// Takes precedence over the commits of others: `None` where a closure that has it is the one that asks.
    pub(super) async fn go_first(&self) -> Option<First> {
        loop {
            match First::try_take(&self.session.unit.shared) {
                Ok(first) => return first,
                Err(()) => pause().await,
            }
        }
    }

    /// The conflicts of the database so far.
    pub(super) fn conflicts(&self) -> u64 {
        self.session.unit.shared.conflicts()
    }

    /// Publishes all writes as one version, or none. Waits for earlier commits, in order.
    ///
    /// # Errors
    /// Those of [`Session::commit`].
    pub async fn commit(&mut self) -> Result<Version> {
        loop {
            while self.is_preceded() {
                pause().await;
            }
            let _turn = self.turn.lock().await;
            if !self.is_preceded() {
                return self.session.commit_now();
            }
        }
    }

    /// Checks now what is due at commit. Publishes nothing.
    ///
    /// # Errors
    /// Those of [`Session::flush`].
    pub async fn flush(&mut self) -> Result<()> {
        self.session.flush()
    }

    /// Runs a query and collects its rows; lets others run between batches.
    ///
    /// # Errors
    /// What the query's `all` gives.
    pub async fn all<Q: Query>(&self, query: Q) -> Result<Vec<Q::Row>> {
        self.collect(query, None).await
    }

    /// Runs a query and returns its only row; lets others run between batches.
    ///
    /// # Errors
    /// `NoRow`, `TooManyRows`, and what the query's `all` gives.
    pub async fn one<Q: Query>(&self, query: Q) -> Result<Q::Row> {
        let table = session::Query::plan(&query).table.name;
        let mut rows = self.collect(query, Some(2)).await?;
        match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => Ok(row),
            (Some(_), false) => Err(Error::TooManyRows { table }),
            (None, _) => Err(Error::NoRow { table }),
        }
    }

    /// Runs a query up to its first row; lets others run between batches.
    ///
    /// # Errors
    /// What the query's `first` gives.
    pub async fn first<Q: Query>(&self, query: Q) -> Result<Option<Q::Row>> {
        Ok(self.collect(query, Some(1)).await?.pop())
    }

    async fn collect<Q: Query>(&self, query: Q, cap: Option<usize>) -> Result<Vec<Q::Row>> {
        if !session::Query::is_read_by_group(&query) {
            // nothing is there before the last row is
            return query.collect_rows(&Source::view(&self.session), cap);
        }
        let mut rows = Vec::new();
        let world = self.session.unit.view();
        let plan = resolve(world, query.plan())?;
        let mut run = Run::new(world, &plan, cap)?;
        let mut batches = 0;
        while let Some(group) = run.next()? {
            query.read(&group, &mut rows)?;
            run.check_held(&rows)?;
            batches += 1;
            if batches % BATCHES == 0 {
                pause().await;
            }
        }
        Ok(rows)
    }
}

impl Deref for AsyncSession {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for AsyncSession {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

#[diagnostic::do_not_recommend]
impl Source for AsyncSession {
    fn view(&self) -> View<'_> {
        Source::view(&self.session)
    }
}
#[diagnostic::do_not_recommend]
impl BorrowSource for AsyncSession {
    fn borrow_view(&self) -> Held<'_> {
        self.session.borrow_view()
    }
}
#[diagnostic::do_not_recommend]
impl Target for AsyncSession {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}
