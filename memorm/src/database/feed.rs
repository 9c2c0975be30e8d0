//! `Feed`: the commits of a database, one after the other.
use super::commit_changes::CommitChanges;
use super::handle::Database;
use super::observers::Observers;
use super::sync::{Condvar, Mutex, MutexGuard};
use crate::link::Link;
use crate::world::World;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

/// How many commits wait for a slow reader.
const CAPACITY: usize = 1_024;

/// Each commit's changes, in commit order, from [`Database::subscribe`].
///
/// As an iterator it waits for the next commit, and ends when the database is dropped. [`try_next`](Self::try_next) and
/// [`next_timeout`](Self::next_timeout) do not wait, or not for long. With feature `async` it is a `Stream`.
///
/// A feed holds the last 1,024 commits that were not read ([`subscribe_with`](Database::subscribe_with) sets another
/// number). Further ones are told together: [`lagged`](CommitChanges::lagged) says so. The writer never waits.
pub struct Feed {
    queue: Arc<Queue>,
    observers: Arc<Observers>,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.queue.lock();
        f.debug_struct("Feed")
            .field("waiting", &state.commits.len())
            .field("is_closed", &state.is_closed)
            .finish_non_exhaustive()
    }
}

/// The commits that a feed has not read.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    commits: VecDeque<CommitChanges>,
    capacity: usize,
    is_closed: bool,
    waker: Option<Waker>,
}

impl Queue {
    fn new(capacity: usize) -> Self {
        let state =
            State { commits: VecDeque::new(), capacity: capacity.max(1), is_closed: false, waker: None };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// No code of the caller runs under this lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a commit. Where there is no room, the two oldest are put together; what they no longer need goes to
    /// `garbage`.
    pub(super) fn push(&self, mut commit: CommitChanges, garbage: &mut Vec<Link<World>>) {
        let mut state = self.lock();
        if state.commits.len() == state.capacity
            && let Some(first) = state.commits.pop_front()
        {
            let next = state.commits.front_mut().unwrap_or(&mut commit);
            garbage.push(std::mem::replace(&mut next.diff.old, first.diff.old));
            garbage.push(first.diff.new);
            next.missed += first.missed + 1;
        }
        state.commits.push_back(commit);
        self.changed.notify_one();
    }

    /// Wakes a task that waits. Not under a lock: a waker is somebody else's code.
    pub(super) fn wake(&self) {
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
        self.wake();
    }
}

impl Feed {
    /// Returns the next commit if there is one. `None` also after the end: see [`is_closed`](Self::is_closed).
    pub fn try_next(&mut self) -> Option<CommitChanges> {
        self.queue.lock().commits.pop_front()
    }

    /// Waits for the next commit for `limit` at the most.
    pub fn next_timeout(&mut self, limit: Duration) -> Option<CommitChanges> {
        // a limit beyond the clock's end is none
        let Some(end) = Instant::now().checked_add(limit) else { return self.next() };
        let mut state = self.queue.lock();
        loop {
            if let Some(commit) = state.commits.pop_front() {
                return Some(commit);
            }
            let left = end.saturating_duration_since(Instant::now());
            if state.is_closed || left.is_zero() {
                return None;
            }
            let woken = self.queue.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Tells whether no commit will come beyond those that wait: the database was dropped.
    pub fn is_closed(&self) -> bool {
        self.queue.lock().is_closed
    }
}

impl Iterator for Feed {
    type Item = CommitChanges;

    /// Waits for the next commit; `None` when the database was dropped and all is read.
    fn next(&mut self) -> Option<CommitChanges> {
        let mut state = self.queue.lock();
        loop {
            if let Some(commit) = state.commits.pop_front() {
                return Some(commit);
            }
            if state.is_closed {
                return None;
            }
            state = self.queue.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(feature = "async")]
impl futures_core::Stream for Feed {
    type Item = CommitChanges;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<CommitChanges>> {
        let mut state = self.queue.lock();
        if let Some(commit) = state.commits.pop_front() {
            return std::task::Poll::Ready(Some(commit));
        }
        if state.is_closed {
            return std::task::Poll::Ready(None);
        }
        let old = state.waker.replace(context.waker().clone());
        drop(state);
        drop(old);
        std::task::Poll::Pending
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.observers.remove(&self.queue);
    }
}

impl Database {
    /// Receives the changes of each later commit, in commit order. A fork has commits of its own.
    ///
    /// Everything that publishes a version is a commit here: sessions, `clear`, `register`. While there is a feed, each
    /// commit makes its version beside the newest instead of in place: four to six times the cost of a commit of one
    /// row. The version before the oldest commit that was not read stays alive.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// let feed = db.subscribe();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// db.transaction(|s| s.update::<Item>(1, |item| item.qty = 4))?;
    /// drop(db); // ends the feed
    ///
    /// let mut seen = Vec::new();
    /// for commit in feed {
    ///     for change in commit.of::<Item>() {
    ///         match change {
    ///             Change::Inserted(new) => seen.push(format!("{} is new", new.id)),
    ///             Change::Updated { new, columns, .. } => seen.push(format!("{} has other {columns:?}", new.id)),
    ///             Change::Deleted(old) => seen.push(format!("{} is gone", old.id)),
    ///         }
    ///     }
    /// }
    /// assert_eq!(seen, ["1 is new", r#"1 has other ["qty"]"#]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn subscribe(&self) -> Feed {
        self.subscribe_with(CAPACITY)
    }

    /// As [`subscribe`](Self::subscribe), but holds `capacity` commits that were not read, at least one.
    pub fn subscribe_with(&self, capacity: usize) -> Feed {
        let queue = Arc::new(Queue::new(capacity));
        self.shared.observe(queue.clone());
        Feed { queue, observers: self.shared.observers.clone() }
    }
}

impl Drop for Database {
    /// Ends the feeds. Sessions may go on; nobody is told.
    fn drop(&mut self) {
        self.shared.observers.close();
    }
}
