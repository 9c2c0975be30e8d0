//! What all sessions of a database share.
use super::alive::Alive;
use super::checkpoints::Checkpoints;
use super::counters::Counters;
use super::feed::Queue;
use super::history::{History, Step};
use super::isolation::Isolation;
use super::observers::Observers;
use super::sync::{AtomicBool, AtomicU64, AtomicUsize, Condvar, Mutex, MutexGuard, ThreadId, current_thread};
use crate::fault;
use crate::link::Link;
use crate::model::TableMeta;
use crate::table::TableType;
use crate::world::{Version, World};
use crate::{Error, Result as MayFail};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

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
    /// Held by the committer whose turn it is.
    turn: Mutex<()>,
    /// The thread of that committer.
    at_turn: Mutex<Option<ThreadId>>,
    /// Committers that wait for their turn or have it.
    queued: AtomicUsize,
    /// The version that the database began with.
    pub(super) first: Version,
    pub(super) alive: Alive,
    pub(super) observers: Arc<Observers>,
    pub(super) history: History,
    pub(super) checkpoints: Checkpoints,
    conflicts: AtomicU64,
    /// Sessions that exist.
    sessions: AtomicUsize,
    /// Whether an [`Exclusive`](crate::session::Exclusive) is open: then nobody else publishes. Changes under the head's lock.
    is_exclusive: AtomicBool,
    /// Told when an `Exclusive` ends.
    ended: Condvar,
}

/// A committer's turn, while others are asked to wait for theirs.
pub(crate) struct Turn<'a> {
    shared: &'a Shared,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.shared.at_turn() = None;
        self.shared.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    pub(crate) fn new(world: Link<World>, settings: Settings) -> Self {
        Self {
            first: world.version,
            head: Mutex::new(world),
            counters: Counters::default(),
            turn: Mutex::new(()),
            at_turn: Mutex::new(None),
            queued: AtomicUsize::new(0),
            alive: Alive::default(),
            observers: Arc::default(),
            history: History::new(settings.history),
            checkpoints: Checkpoints::default(),
            conflicts: AtomicU64::new(0),
            sessions: AtomicUsize::new(0),
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
        let head = self.lock();
        if !Link::ptr_eq(&head, base) || self.is_exclusive() {
            return Err(next);
        }
        fault::point("swap: the head is locked");
        Ok(self.publish(head, next, Step::Commit))
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

    /// Replaces the head by what `make` makes of it. Waits for the end of an `Exclusive`.
    pub(crate) fn replace_head(&self, make: impl Fn(&World) -> World) -> Version {
        loop {
            let base = self.head_at_rest();
            let mut next = make(&base);
            fault::point("replace: the next version is made");
            next.version = Version(base.version.0 + 1);
            if let Ok(version) = self.swap_head(&base, Link::new(next)) {
                return version;
            }
        }
    }

    /// Adds an empty table to the head, if it has none for this model. Waits for the end of an `Exclusive`.
    ///
    /// # Errors
    /// `Schema` where another model has the table's name.
    pub(super) fn add_table(&self, kind: TableType) -> MayFail<()> {
        loop {
            let base = self.head_at_rest();
            base.check_name(kind.meta)?;
            if base.table(kind.meta).is_some() {
                return Ok(());
            }
            let mut next = World::clone(&base);
            next.table_mut(kind);
            next.version = Version(base.version.0 + 1);
            if self.swap_head(&base, Link::new(next)).is_ok() {
                return Ok(());
            }
        }
    }

    /// Replaces the head by what `make` makes of it, if it makes something and the hooks agree.
    ///
    /// # Errors
    /// Those of `make`, and `Refused`.
    pub(super) fn try_replace_head<T>(
        &self,
        make: impl Fn(&World) -> MayFail<(World, T)>,
    ) -> MayFail<(Version, T)> {
        loop {
            let base = self.head_at_rest();
            let (mut next, made) = make(&base)?;
            fault::point("merge: the next version is made");
            next.version = Version(base.version.0 + 1);
            let next = Link::new(next);
            self.ask_hooks(&base, &next)?;
            fault::point("merge: the hooks agree");
            // an open session must not get a key that comes with the merge
            next.last_keys().for_each(|(table, key)| self.counters.raise(table, key));
            if let Ok(version) = self.swap_head(&base, next) {
                return Ok((version, made));
            }
        }
    }

    /// Publishes the rows and counters of an older version as a new one.
    ///
    /// # Errors
    /// Those of `choose`, and `Refused`.
    pub(super) fn go_back(&self, step: Step, choose: impl Fn() -> MayFail<Link<World>>) -> MayFail<Version> {
        loop {
            let base = self.head_at_rest();
            let target = choose()?;
            fault::point("back: chosen");
            let mut next = World::clone(&target);
            next.version = Version(base.version.0 + 1);
            let next = Link::new(next);
            self.ask_hooks(&base, &next)?;
            let head = self.lock();
            // the choice depends on what was published last
            if Link::ptr_eq(&head, &base) && !self.is_exclusive() {
                fault::point("back: the head is locked");
                self.counters.rewind(next.last_keys());
                return Ok(self.publish(head, next, step));
            }
        }
    }

    /// Another commit was faster.
    pub(crate) fn count_conflict(&self) {
        self.conflicts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn conflicts(&self) -> u64 {
        self.conflicts.load(Ordering::Relaxed)
    }

    fn head_at_rest(&self) -> Link<World> {
        let mut head = self.lock();
        while self.is_exclusive() {
            head = self.ended.wait(head).unwrap_or_else(PoisonError::into_inner);
        }
        head.clone()
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
        let sessions = self.sessions.load(Ordering::Acquire);
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

    pub(crate) fn session_opened(&self) {
        self.sessions.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn session_closed(&self) {
        self.sessions.fetch_sub(1, Ordering::Release);
    }

    /// Whether a committer waits for its turn or has it.
    pub(crate) fn is_queued(&self) -> bool {
        self.queued.load(Ordering::Relaxed) > 0
    }

    /// Waits until no other committer of the queue is at work. `None` where it is this very thread's turn: a row that is
    /// dropped by its commit may commit something itself.
    pub(crate) fn wait_for_turn(&self) -> Option<Turn<'_>> {
        let own = current_thread();
        if *self.at_turn() == Some(own) {
            return None;
        }
        self.queued.fetch_add(1, Ordering::Relaxed);
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        *self.at_turn() = Some(own);
        Some(Turn { shared: self, _turn: turn })
    }

    fn at_turn(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.at_turn.lock().unwrap_or_else(PoisonError::into_inner)
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
}
