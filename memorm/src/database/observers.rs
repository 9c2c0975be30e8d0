//! Who is told of commits: feeds, and hooks that may refuse one.
//!
//! ```text
//!   commit ── prepared ──► hooks, in order      outside of the lock; run again where the head has moved
//!               │ swap, under the lock
//!               └─────────► queue of each feed   in commit order; two pointers each
//!                             │ after the lock
//!                             └─► readers are woken
//! ```
//!
//! Must stay true: under the lock nothing is dropped that may hold the last reference to a row, and no waker runs.
use super::commit_changes::CommitChanges;
use super::feed::Queue;
use super::hooks::Hooks;
use super::sync::{AtomicUsize, Mutex, MutexGuard};
use crate::link::Link;
use crate::world::World;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

#[derive(Default)]
pub(crate) struct Observers {
    feeds: Mutex<Vec<Arc<Queue>>>,
    /// How many feeds there are. Changed under the lock of the head where it grows.
    open_feeds: AtomicUsize,
    pub(super) hooks: Hooks,
}

/// What is left to do after the lock: readers to wake, and versions to let go.
#[must_use]
pub(super) struct Aftermath {
    told: Vec<Arc<Queue>>,
    _garbage: Vec<Link<World>>,
}

impl Aftermath {
    pub(super) fn finish(self) {
        self.told.iter().for_each(|queue| queue.wake());
    }
}

impl Observers {
    /// Whether somebody needs the version before each commit: then the head is not written in place.
    #[inline]
    pub(super) fn any(&self) -> bool {
        self.open_feeds.load(Ordering::Relaxed) > 0 || self.hooks.any()
    }

    fn feeds(&self) -> MutexGuard<'_, Vec<Arc<Queue>>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells all feeds of a commit. Called under the lock of the head.
    pub(super) fn published(&self, old: &Link<World>, new: &Link<World>) -> Aftermath {
        let told = self.feeds().clone();
        let mut garbage = Vec::new();
        for queue in &told {
            queue.push(CommitChanges::new(old.clone(), new.clone()), &mut garbage);
        }
        Aftermath { told, _garbage: garbage }
    }

    /// Called under the lock of the head: the feed sees each later commit and no earlier one.
    pub(super) fn add(&self, queue: Arc<Queue>) {
        self.feeds().push(queue);
        self.open_feeds.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn remove(&self, queue: &Arc<Queue>) {
        let mut feeds = self.feeds();
        if let Some(at) = feeds.iter().position(|other| Arc::ptr_eq(other, queue)) {
            feeds.remove(at);
            self.open_feeds.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Ends all feeds: they give what they have, and then nothing.
    pub(super) fn close(&self) {
        let feeds = std::mem::take(&mut *self.feeds());
        self.open_feeds.store(0, Ordering::Relaxed);
        feeds.iter().for_each(|queue| queue.close());
    }
}
