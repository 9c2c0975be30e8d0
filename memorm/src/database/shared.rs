//! What all sessions of a database share.
use super::alive::Alive;
use super::counters::Counters;
use super::feed::Queue;
use super::observers::Observers;
use crate::model::TableMeta;
use crate::world::{Version, World};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) type Clock = Arc<dyn Fn() -> i128 + Send + Sync>;

/// What a builder sets.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    /// How often `transaction` runs its closure before a conflict is final.
    pub(crate) attempts: u32,
}

pub(crate) struct Shared {
    head: Mutex<Arc<World>>,
    counters: Counters,
    pub(crate) settings: Settings,
    /// Held by the committer whose turn it is.
    turn: Mutex<()>,
    /// Committers that wait for their turn or have it.
    queued: AtomicUsize,
    /// The version that the database began with.
    pub(super) first: Version,
    pub(super) alive: Alive,
    pub(super) observers: Arc<Observers>,
    conflicts: AtomicU64,
}

/// A committer's turn, while others are asked to wait for theirs.
pub(crate) struct Turn<'a> {
    _turn: MutexGuard<'a, ()>,
    queued: &'a AtomicUsize,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    pub(crate) fn new(world: Arc<World>, settings: Settings) -> Self {
        Self {
            first: world.version,
            head: Mutex::new(world),
            counters: Counters::default(),
            settings,
            turn: Mutex::new(()),
            queued: AtomicUsize::new(0),
            alive: Alive::default(),
            observers: Arc::default(),
            conflicts: AtomicU64::new(0),
        }
    }

    /// The lock cannot be poisoned: no code that panics runs under it.
    fn lock(&self) -> MutexGuard<'_, Arc<World>> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest version.
    #[inline]
    pub(crate) fn head(&self) -> Arc<World> {
        self.lock().clone()
    }

    /// Whether somebody needs the version before each commit: then every commit swaps the head.
    pub(crate) fn is_observed(&self) -> bool {
        self.observers.any()
    }

    /// Lets a feed see each later commit.
    pub(super) fn observe(&self, queue: Arc<Queue>) {
        let _head = self.lock();
        self.observers.add(queue);
    }

    /// Shows a prepared commit to the hooks.
    ///
    /// # Errors
    /// `Refused`.
    pub(crate) fn ask_hooks(&self, base: &Arc<World>, next: &Arc<World>) -> crate::Result<()> {
        if self.observers.hooks.any() { self.observers.hooks.run(base, next) } else { Ok(()) }
    }

    /// Whether this thread is inside of a hook of this database.
    pub(crate) fn is_in_hook(&self) -> bool {
        self.observers.hooks.any() && self.observers.hooks.are_running_here()
    }

    /// Changes the head in place, if it is `base`, nobody else holds it and nobody observes; else gives `base` back.
    pub(crate) fn change_head(
        &self,
        base: Arc<World>,
        change: impl FnOnce(&mut World),
    ) -> Result<Version, Arc<World>> {
        let mut head = self.lock();
        if !Arc::ptr_eq(&head, &base) || self.is_observed() {
            return Err(base);
        }
        drop(base);
        let Some(world) = Arc::get_mut(&mut head) else { return Err(head.clone()) };
        change(world);
        world.version.0 += 1;
        Ok(world.version)
    }

    /// Replaces the head by `next`, if it is `base`; else gives `next` back.
    pub(crate) fn swap_head(&self, base: &Arc<World>, next: Arc<World>) -> Result<Version, Arc<World>> {
        let version = next.version;
        let mut head = self.lock();
        if !Arc::ptr_eq(&head, base) {
            return Err(next);
        }
        let old = std::mem::replace(&mut *head, next);
        let aftermath = self.is_observed().then(|| self.observers.published(&old, &head));
        drop(head);
        if let Some(aftermath) = aftermath {
            aftermath.finish();
        }
        // the last reference to old rows goes outside of the lock
        self.alive.supersede(old);
        Ok(version)
    }

    /// Replaces the head by what `make` makes of it.
    pub(crate) fn replace_head(&self, make: impl Fn(&World) -> World) -> Version {
        loop {
            let base = self.head();
            let mut next = make(&base);
            next.version = Version(base.version.0 + 1);
            if let Ok(version) = self.swap_head(&base, Arc::new(next)) {
                return version;
            }
        }
    }

    /// Another commit was faster.
    pub(crate) fn count_conflict(&self) {
        self.conflicts.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn conflicts(&self) -> u64 {
        self.conflicts.load(Ordering::Relaxed)
    }

    /// A place in the queue, if there is one.
    pub(crate) fn queue_if_busy(&self) -> Option<Turn<'_>> {
        (self.queued.load(Ordering::Relaxed) > 0).then(|| self.wait_for_turn())
    }

    /// Waits until no other committer of the queue is at work.
    pub(crate) fn wait_for_turn(&self) -> Turn<'_> {
        self.queued.fetch_add(1, Ordering::Relaxed);
        Turn { _turn: self.turn.lock().unwrap_or_else(PoisonError::into_inner), queued: &self.queued }
    }

    pub(crate) fn now(&self) -> i128 {
        (self.settings.clock)()
    }

    /// The next key above `above` and above all that were handed out, if it fits.
    pub(crate) fn next_key(&self, meta: &TableMeta, above: u64, fits: fn(u64) -> bool) -> Option<u64> {
        self.counters.next(meta.number(), above, fits)
    }

    /// Keys up to `key` are in use.
    pub(crate) fn raise_key(&self, meta: &TableMeta, key: u64) {
        if key > 0 {
            self.counters.raise(meta.number(), key);
        }
    }
}
