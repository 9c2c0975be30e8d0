//! What all sessions of a database share.
use super::alive::Alive;
use super::checkpoints::Checkpoints;
use super::counters::Counters;
use super::feed::Queue;
use super::history::{History, Step};
use super::isolation::Isolation;
use super::observers::Observers;
use super::precedence::Precedence;
use super::sessions::Sessions;
use super::sync::{AtomicBool, AtomicU64, Condvar, Mutex, MutexGuard};
use super::turn::Turns;
use crate::fault;
use crate::link::Link;
use crate::model::TableMeta;
use crate::world::{Version, World};
use crate::{Error, Result as MayFail};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};

pub(crate) type Clock = Arc<dyn Fn() -> i128 + Send + Sync>;

/// What a builder sets.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    /// How often `transaction` runs its closure before a conflict is final.
    pub(crate) attempts: u32,
    /// How many versions are kept.
    pub(crate) history: usize,
    pub(crate) isolation: Isolation,
}

pub(crate) struct Shared {
    head: Mutex<Link<World>>,
    counters: Counters,
    pub(crate) settings: Settings,
    pub(crate) turns: Turns,
    pub(crate) precedence: Precedence,
    /// The version that the database began with.
    pub(super) first: Version,
    pub(super) alive: Alive,
    pub(super) observers: Arc<Observers>,
    pub(super) history: History,
    pub(super) checkpoints: Checkpoints,
    conflicts: AtomicU64,
    /// None before the first is opened: a fork that is only read allocates nothing for them.
    sessions: OnceLock<Arc<Sessions>>,
    /// Whether an [`Exclusive`](crate::session::Exclusive) is open: then nobody else publishes. Changes under the head's lock.
    is_exclusive: AtomicBool,
    /// Told when an `Exclusive` ends.
    ended: Condvar,
}

impl Shared {
    pub(crate) fn new(world: Link<World>, settings: Settings) -> Self {
        Self {
            first: world.version,
            head: Mutex::new(world),
            counters: Counters::default(),
            turns: Turns::default(),
            precedence: Precedence::default(),
            alive: Alive::default(),
            observers: Arc::default(),
            history: History::new(settings.history),
            checkpoints: Checkpoints::default(),
            conflicts: AtomicU64::new(0),
            sessions: OnceLock::new(),
            is_exclusive: AtomicBool::new(false),
            settings,
            ended: Condvar::new(),
        }
    }

    /// The lock cannot be poisoned: no code that panics runs under it.
    fn lock(&self) -> MutexGuard<'_, Link<World>> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest version.
    #[inline]
    pub(crate) fn head(&self) -> Link<World> {
        self.lock().clone()
    }

    /// Whether somebody needs the version before each commit: then every commit swaps the head.
    pub(crate) fn is_observed(&self) -> bool {
        self.history.is_kept() || self.observers.any()
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
    pub(crate) fn ask_hooks(&self, base: &Link<World>, next: &Link<World>) -> crate::Result<()> {
        if self.observers.hooks.any() { self.observers.hooks.run(base, next) } else { Ok(()) }
    }

    /// Whether this thread is inside of a hook of this database.
    pub(crate) fn is_in_hook(&self) -> bool {
        self.observers.hooks.any() && self.observers.hooks.are_running_here()
    }

    /// Changes the head in place, if it is `base`, nobody else holds it and nobody observes, and if it is `suited`; else
    /// gives `base` back.
    pub(crate) fn change_head(
        &self,
        base: Link<World>,
        suited: impl FnOnce(&World) -> bool,
        change: impl FnOnce(&mut World),
    ) -> Result<Version, Link<World>> {
        let mut head = self.lock();
        if !Link::ptr_eq(&head, &base) || self.is_observed() || self.is_exclusive() {
            return Err(base);
        }
        fault::point("in place: the head is locked");
        drop(base);
        let Some(world) = Link::get_mut(&mut head).filter(|world| suited(world)) else {
            return Err(head.clone());
        };
        change(world);
        world.version.0 += 1;
        Ok(world.version)
    }

    /// Replaces the head by `next`, if it is `base`; else gives `next` back.
    pub(crate) fn swap_head(&self, base: &Link<World>, next: Link<World>) -> Result<Version, Link<World>> {
        match self.resting_head(base) {
            Some(head) => Ok(self.publish(head, next, Step::Commit)),
            None => Err(next),
        }
    }

    /// As [`swap_head`](Self::swap_head), by a step through the history: keys are handed out again from where `next` is.
    pub(super) fn swap_head_back(
        &self,
        base: &Link<World>,
        next: Link<World>,
        step: Step,
    ) -> Result<Version, Link<World>> {
        match self.resting_head(base) {
            Some(head) => {
                self.counters.rewind(next.last_keys());
                Ok(self.publish(head, next, step))
            }
            None => Err(next),
        }
    }

    /// The head, locked, if it is `base` and not being changed.
    #[inline]
    fn resting_head(&self, base: &Link<World>) -> Option<MutexGuard<'_, Link<World>>> {
        let head = self.lock();
        if !Link::ptr_eq(&head, base) || self.is_exclusive() {
            return None;
        }
        fault::point("swap: the head is locked");
        Some(head)
    }

    /// Makes `next` the newest version and tells those who want to know. What it replaces is let go outside of the lock.
    fn publish(&self, mut head: MutexGuard<'_, Link<World>>, next: Link<World>, step: Step) -> Version {
        let version = next.version;
        let old = std::mem::replace(&mut *head, next);
        let told = self
            .is_observed()
            .then(|| (self.history.published(&old, step), self.observers.published(&old, &head)));
        drop(head);
        if let Some((forgotten, aftermath)) = told {
            aftermath.finish();
            drop(forgotten);
        }
        fault::point("published: all are told");
        self.alive.supersede(old);
        version
    }

    /// Another commit was faster.
    pub(crate) fn count_conflict(&self) {
        self.conflicts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn conflicts(&self) -> u64 {
        self.conflicts.load(Ordering::Relaxed)
    }

    /// The newest version, after the end of an `Exclusive`.
    pub(super) fn head_at_rest(&self) -> Link<World> {
        let mut head = self.lock();
        while self.is_exclusive() {
            head = self.ended.wait(head).unwrap_or_else(PoisonError::into_inner);
        }
        head.clone()
    }

    /// The newest version, if nobody is changing it.
    ///
    /// # Errors
    /// `Busy`.
    pub(super) fn free_head(&self) -> MayFail<Link<World>> {
        let head = self.lock();
        if self.is_exclusive() { Err(self.busy()) } else { Ok(head.clone()) }
    }

    pub(crate) fn is_exclusive(&self) -> bool {
        self.is_exclusive.load(Ordering::Relaxed)
    }

    /// Hands the newest version to the one who may change it, if no session is open. With `takes` it is taken out, so
    /// that it can be changed in place: nobody may look at the head then. Where somebody observes, it stays.
    ///
    /// # Errors
    /// `Busy`.
    pub(crate) fn begin_exclusive(&self, takes: bool) -> MayFail<Link<World>> {
        let mut head = self.lock();
        let sessions = self.opened_sessions().map_or(0, |sessions| sessions.open());
        if sessions > 0 || self.is_exclusive() {
            return Err(Error::Busy { sessions: sessions.max(1) });
        }
        self.is_exclusive.store(true, Ordering::Relaxed);
        if takes && !self.is_observed() {
            let kept = Link::new(head.without_tables());
            return Ok(std::mem::replace(&mut *head, kept));
        }
        Ok(head.clone())
    }

    /// Publishes what an `Exclusive` has made.
    pub(crate) fn end_exclusive(&self, world: Link<World>) {
        let mut head = self.lock();
        self.is_exclusive.store(false, Ordering::Relaxed);
        if world.version == head.version {
            // nothing was written
            *head = world;
            drop(head);
        } else {
            self.publish(head, world, Step::Commit);
        }
        self.ended.notify_all();
    }

    /// The error of a commit while an `Exclusive` is open.
    pub(crate) fn busy(&self) -> Error {
        Error::Busy { sessions: 1 }
    }

    #[inline]
    pub(crate) fn sessions(&self) -> &Arc<Sessions> {
        self.sessions.get_or_init(Arc::default)
    }

    /// Those that are or were open.
    pub(super) fn opened_sessions(&self) -> Option<&Arc<Sessions>> {
        self.sessions.get()
    }

    pub(crate) fn now(&self) -> i128 {
        (self.settings.clock)()
    }

    /// The next key above `above` and above all that were handed out, if it fits.
    pub(crate) fn next_key(&self, meta: &TableMeta, above: u64, fits: &dyn Fn(u64) -> bool) -> Option<u64> {
        self.counters.next(meta.number(), above, fits)
    }

    /// Keys up to `key` are in use.
    pub(crate) fn raise_key(&self, meta: &TableMeta, key: u64) {
        if key > 0 {
            self.counters.raise(meta.number(), key);
        }
    }

    /// Keys up to these are in use, by table number.
    pub(super) fn raise_keys(&self, keys: impl Iterator<Item = (usize, u64)>) {
        keys.for_each(|(table, key)| self.counters.raise(table, key));
    }
}
