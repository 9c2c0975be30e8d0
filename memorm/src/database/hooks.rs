//! Hooks: closures that see each commit before it is published, and may refuse it.
use super::commit_changes::CommitChanges;
use super::handle::Database;
use super::observers::Observers;
use super::sync::{AtomicUsize, RwLock};
use crate::fault;
use crate::link::Link;
use crate::world::World;
use crate::{Error, Result};
use std::cell::Cell;
use std::fmt;
use std::fmt::Display;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};

type Run = dyn Fn(&CommitChanges) -> std::result::Result<(), String> + Send + Sync;

/// The hooks of a database, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Hooks {
    all: RwLock<Vec<Arc<Run>>>,
    count: AtomicUsize,
}

thread_local! {
    /// The hooks that run on this thread.
    static RUNNING: Cell<*const Hooks> = const { Cell::new(std::ptr::null()) };
}

/// Says that hooks run on this thread, until it is dropped.
struct Running(*const Hooks);

impl Running {
    fn start(hooks: &Hooks) -> Self {
        Self(RUNNING.replace(hooks))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

impl Hooks {
    #[inline]
    pub(super) fn any(&self) -> bool {
        self.count.load(Ordering::Acquire) > 0
    }

    /// Whether this thread is inside of one of these hooks: a commit from there would wait for itself.
    pub(super) fn are_running_here(&self) -> bool {
        std::ptr::eq(RUNNING.get(), self)
    }

    /// Shows a prepared commit to all hooks.
    ///
    /// # Errors
    /// `Refused`, by the first that does.
    pub(super) fn run(&self, old: &Link<World>, new: &Link<World>) -> Result<()> {
        let hooks = self.all.read().unwrap_or_else(PoisonError::into_inner).clone();
        let changes = CommitChanges::new(old.clone(), new.clone());
        let _running = Running::start(self);
        fault::point("hooks");
        hooks.iter().try_for_each(|hook| hook(&changes).map_err(|message| Error::Refused { message }))
    }

    fn add(&self, hook: Arc<Run>) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.push(hook);
        self.count.store(all.len(), Ordering::Release);
    }

    /// What a hook holds is dropped by the caller, after the lock.
    fn remove(&self, hook: &Weak<Run>) -> Option<Arc<Run>> {
        let hook = hook.upgrade()?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|other| Arc::ptr_eq(other, &hook))?;
        let removed = all.remove(at);
        self.count.store(all.len(), Ordering::Release);
        Some(removed)
    }
}

/// A hook of [`Database::on_commit`]. Dropping it leaves the hook in place; [`remove`](Self::remove) takes it out.
pub struct Hook {
    hook: Weak<Run>,
    observers: Arc<Observers>,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").finish_non_exhaustive()
    }
}

impl Hook {
    /// Takes the hook out. A commit that is under way may still run it. Sessions that outlive their database run its
    /// hooks until then.
    pub fn remove(self) {
        drop(self.observers.hooks.remove(&self.hook));
    }
}

impl Database {
    /// Runs `hook` before each commit of a session is published; an `Err` refuses the commit, with its message in
    /// [`Error::Refused`]. Hooks run in the order in which they were added, up to the first that refuses; a fork has none.
    ///
    /// A hook sees exactly what would be published: where another commit was faster, it runs again on the new state. So it
    /// may run more than once for a commit, and for a commit that then fails: it should judge, not act; to act on what was
    /// published, [`subscribe`](Self::subscribe). It runs on the committer's thread, outside of the lock. A panic leaves
    /// database and session as they were. `merge`, `restore`, `undo` and `redo` are refused likewise; `clear`, `register` and what
    /// is written through [`exclusive`](Self::exclusive) cannot be.
    ///
    /// A commit to the same database from inside of a hook is an error (`InTransaction`), and so are `merge`, `restore`,
    /// `undo` and `redo`. `clear` moves the head: the commit begins anew with its hooks, so do not call it there.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug)] struct Account { #[model(primary_key)] id: u64, balance: i64 }
    /// let db = Database::new();
    /// let hook = db.on_commit(|commit| {
    ///     let total = select::<Account>().aggregate(Account::BALANCE.sum(), &commit.snapshot());
    ///     match total {
    ///         Ok(Some(total)) if total < 0 => Err(format!("the bank would owe {}", -total)),
    ///         _ => Ok(()),
    ///     }
    /// });
    /// db.transaction(|s| s.add(Account { id: 1, balance: 10 }))?;
    /// let refused = db.transaction(|s| s.add(Account { id: 2, balance: -30 })).unwrap_err();
    /// assert_eq!(refused.to_string(), "commit refused: the bank would owe 20");
    /// assert!(db.snapshot().get::<Account>(2).is_none());
    /// hook.remove();
    /// db.transaction(|s| s.add(Account { id: 2, balance: -30 }))?;
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn on_commit<E: Display>(
        &self,
        hook: impl Fn(&CommitChanges) -> std::result::Result<(), E> + Send + Sync + 'static,
    ) -> Hook {
        let run: Arc<Run> = Arc::new(move |changes| hook(changes).map_err(|error| error.to_string()));
        let hook = Arc::downgrade(&run);
        self.shared.observers.hooks.add(run);
        Hook { hook, observers: self.shared.observers.clone() }
    }
}
