//! Going first: a transaction that keeps losing runs an attempt while nobody else commits.
//!
//! ```text
//!   attempts 1 to 4 ──► beside everybody else's      a conflict ──► a pause
//!   attempt 5 ...   ──► has precedence               others commit when it is over, or after LONGEST
//! ```
//!
//! Must stay true: a closure holds nobody up for longer than `LONGEST`. So one that hangs stops no writer, and one that waits
//! for what another thread commits goes on. The thread that runs the closure is never held up by it.
//!
//! Not here: those who begin. A transaction that loses to the one with precedence will have it later.
use super::shared::Shared;
use super::sync::{AtomicBool, Condvar, Mutex, MutexGuard, ThreadId, current_thread};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// How often a transaction loses before it goes first.
const LOSSES: u32 = 4;

/// How long others wait for an attempt with precedence.
const LONGEST: Duration = Duration::from_millis(100);

/// Who goes first in a database.
#[derive(Default)]
pub(crate) struct Precedence {
    first: Mutex<Option<Holder>>,
    /// Whether there is a holder: a look without the lock.
    is_held: AtomicBool,
    over: Condvar,
}

struct Holder {
    until: Instant,
    /// The thread that runs its closure at the moment.
    thread: Option<ThreadId>,
}

/// An attempt's precedence, until it is dropped.
pub(crate) struct First {
    shared: Arc<Shared>,
    /// Tells this one from the next, which may come before it is dropped.
    until: Instant,
}

/// Whether the attempt of this number is to go first.
pub(crate) fn goes_first(attempt: u32) -> bool {
    attempt > LOSSES
}

impl Precedence {
    fn lock(&self) -> MutexGuard<'_, Option<Holder>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a commit of this thread is to wait.
    #[cfg(feature = "async")]
    pub(crate) fn is_in_the_way(&self) -> bool {
        self.is_held() && time_left(self.lock().as_ref()).is_some()
    }

    #[inline]
    fn is_held(&self) -> bool {
        self.is_held.load(Ordering::Relaxed)
    }

    /// Waits until nobody else's attempt has precedence.
    #[inline]
    pub(crate) fn wait(&self) {
        if self.is_held() {
            drop(self.wait_for_holder());
        }
    }

    fn wait_for_holder(&self) -> MutexGuard<'_, Option<Holder>> {
        let mut first = self.lock();
        while let Some(left) = time_left(first.as_ref()) {
            first = self.over.wait_timeout(first, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        first
    }
}

/// How long this thread has to wait for the one with precedence.
fn time_left(first: Option<&Holder>) -> Option<Duration> {
    let holder = first.filter(|holder| holder.thread != Some(current_thread()))?;
    holder.until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
}

impl First {
    /// Waits until nobody else has precedence, and takes it. `None` where the closure of this very thread has it: then
    /// nobody is in the way.
    pub(crate) fn wait(shared: &Arc<Shared>) -> Option<Self> {
        let first = Self::take(shared, shared.precedence.wait_for_holder())?;
        first.run_in(Some(current_thread()));
        Some(first)
    }

    /// Takes precedence; an error where somebody else has it. As [`wait`](Self::wait) without waiting: no thread is said
    /// to run the closure.
    #[cfg(feature = "async")]
    pub(crate) fn try_take(shared: &Arc<Shared>) -> Result<Option<Self>, ()> {
        let first = shared.precedence.lock();
        if time_left(first.as_ref()).is_some() { Err(()) } else { Ok(Self::take(shared, first)) }
    }

    fn take(shared: &Arc<Shared>, mut first: MutexGuard<'_, Option<Holder>>) -> Option<Self> {
        let now = Instant::now();
        if first.as_ref().is_some_and(|holder| holder.until > now) {
            return None;
        }
        let until = now + LONGEST;
        *first = Some(Holder { until, thread: None });
        shared.precedence.is_held.store(true, Ordering::Relaxed);
        Some(Self { shared: shared.clone(), until })
    }

    /// Says that this thread runs the closure, until `Here` is dropped.
    #[cfg(feature = "async")]
    pub(crate) fn here(&self) -> Here<'_> {
        self.run_in(Some(current_thread()));
        Here(self)
    }

    fn run_in(&self, thread: Option<ThreadId>) {
        if let Some(holder) =
            self.shared.precedence.lock().as_mut().filter(|holder| holder.until == self.until)
        {
            holder.thread = thread;
        }
    }
}

/// A thread runs the closure that goes first.
#[cfg(feature = "async")]
pub(crate) struct Here<'a>(&'a First);

#[cfg(feature = "async")]
impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.run_in(None);
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let precedence = &self.shared.precedence;
        let mut first = precedence.lock();
        if first.as_ref().is_some_and(|holder| holder.until == self.until) {
            *first = None;
            precedence.is_held.store(false, Ordering::Relaxed);
        }
        drop(first);
        precedence.over.notify_all();
    }
}
