//! `AsyncDatabase`: a database whose commits are awaited.
use super::pause::pause_for;
use super::session::AsyncSession;
use crate::Result;
use crate::database::{Database, First, Isolation, Snapshot, back_off, goes_first};
use crate::session::{Source, View};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A [`Database`] for async programs, on any runtime.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Tag { #[model(primary_key)] name: String }
/// # fn block_on<F: std::future::Future>(f: F) -> F::Output {
/// #     let mut f = std::pin::pin!(f);
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     loop { if let std::task::Poll::Ready(out) = f.as_mut().poll(&mut context) { return out } }
/// # }
/// # block_on(async {
/// let db = AsyncDatabase::new();
/// let mut session = db.session().await;
/// session.add(Tag { name: "red".into() })?;
/// session.commit().await?;
/// assert_eq!(session.all(select::<Tag>()).await?.len(), 1);
/// # Ok::<_, memorm::Error>(())
/// # }).unwrap();
/// ```
#[derive(Default)]
pub struct AsyncDatabase {
    database: Database,
    /// Whose turn it is to commit. First come, first served.
    turn: Arc<Mutex<()>>,
}

impl fmt::Debug for AsyncDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncDatabase").field("version", &self.database.version()).finish_non_exhaustive()
    }
}

/// Takes a database as [`Database::builder`] made it.
impl From<Database> for AsyncDatabase {
    fn from(database: Database) -> Self {
        Self { database, turn: Arc::default() }
    }
}

impl AsyncDatabase {
    /// Makes an empty database with the usual settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a session. Any number may be open; none waits for another.
    pub async fn session(&self) -> AsyncSession {
        AsyncSession::new(self.database.session(), self.turn.clone())
    }

    /// Opens a session with an isolation of its own.
    pub async fn session_with(&self, isolation: Isolation) -> AsyncSession {
        AsyncSession::new(self.database.session_with(isolation), self.turn.clone())
    }

    /// Returns the newest version. O(1).
    pub fn snapshot(&self) -> Snapshot {
        self.database.snapshot()
    }

    /// Makes an independent database that shares every row. O(1).
    pub fn fork(&self) -> Self {
        self.database.fork().into()
    }

    /// Borrows the database for calls that do not wait.
    pub fn as_sync(&self) -> &Database {
        &self.database
    }

    /// Runs `work` in a session and commits. Rolls back where it returns an error or panics, and where this future is
    /// dropped; runs it again on a conflict, up to 16 times ([`attempts`](crate::Builder::attempts)), with a growing pause.
    /// From the fifth attempt on it goes first: commits of others wait until the attempt is over, 100 ms at the most.
    ///
    /// The future owns what it needs. In a task that is spawned, a closure that captures variables is written
    /// `async move |s| ..`, and what it captures is owned (`let name = name.to_owned();` before it): the compiler cannot
    /// yet see that a closure with a reference in it is `Send`, and says that something "is not general enough".
    ///
    /// # Errors
    /// What `work` returns, which is not retried; what the commit finds.
    pub fn transaction<T, F>(&self, mut work: F) -> impl Future<Output = Result<T>> + use<T, F>
    where
        F: AsyncFnMut(&mut AsyncSession) -> Result<T>,
    {
        let mut session = AsyncSession::new(self.database.session(), self.turn.clone());
        let attempts = self.database.attempts();
        async move {
            let mut attempt = 1;
            loop {
                let first = if goes_first(attempt) { session.go_first().await } else { None };
                session.enter_closure();
                let result = run_as(first.as_ref(), work(&mut session)).await;
                let value = session.leave_closure(result)?;
                let committed = run_as(first.as_ref(), session.commit()).await;
                drop(first);
                match committed {
                    Ok(_) => return Ok(value),
                    Err(error) if error.is_conflict() && attempt < attempts => {
                        session.rollback();
                        attempt += 1;
                        if !goes_first(attempt) {
                            pause_for(back_off(attempt - 1, session.conflicts())).await;
                        }
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

/// Polls `work` as the one that goes first: what it commits to the same database by other sessions does not wait for it.
async fn run_as<F: Future>(first: Option<&First>, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _here = first.map(First::here);
        work.as_mut().poll(context)
    })
    .await
}

#[diagnostic::do_not_recommend]
impl Source for AsyncDatabase {
    fn view(&self) -> View<'_> {
        self.database.view()
    }
}
