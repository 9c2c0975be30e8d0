//! What all sessions of a database share.
use super::counters::Counters;
use super::isolation::Isolation;
use crate::model::TableMeta;
use crate::world::{Version, World};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) type Clock = Arc<dyn Fn() -> i128 + Send + Sync>;

/// What a builder sets.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    /// How often `transaction` runs its closure before a conflict is final.
    pub(crate) attempts: u32,
    pub(crate) isolation: Isolation,
}

pub(crate) struct Shared {
    head: Mutex<Arc<World>>,
    counters: Counters,
    pub(crate) settings: Settings,
    /// Held by the committer whose turn it is.
    turn: Mutex<()>,
    /// Committers that wait for their turn or have it.
    queued: AtomicUsize,
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
            head: Mutex::new(world),
            counters: Counters::default(),
            settings,
            turn: Mutex::new(()),
            queued: AtomicUsize::new(0),
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

    /// Changes the head in place, if it is `base` and nobody else holds it; else gives `base` back.
    pub(crate) fn change_head(
        &self,
        base: Arc<World>,
        change: impl FnOnce(&mut World),
    ) -> Result<Version, Arc<World>> {
        let mut head = self.lock();
        if !Arc::ptr_eq(&head, &base) {
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
        drop(head);
        // the last reference to old rows goes outside of the lock
        drop(old);
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
