//! Whose turn it is: committers that keep losing against a moving head wait in a queue.
//!
//! ```text
//!   lost too often ──► waits ──► has the turn ──► commits against a head that rests ──► the next one's turn
//!   newcomer ──► is somebody queued? then it waits too
//! ```
//!
//! Must stay true: a turn ends, whatever becomes of its commit; a queue that is empty costs one look at a number.
use super::sync::{AtomicUsize, Mutex, MutexGuard, ThreadId, current_thread};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// The queue of a database.
#[derive(Default)]
pub(crate) struct Turns {
    /// Held by the committer whose turn it is.
    turn: Mutex<()>,
    /// The thread of that committer.
    thread: Mutex<Option<ThreadId>>,
    /// Committers that wait for their turn or have it.
    queued: AtomicUsize,
}

/// A committer's turn, while others are asked to wait for theirs.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.turns.thread() = None;
        self.turns.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Turns {
    /// Whether a committer waits for its turn or has it.
    #[inline]
    pub(crate) fn is_queued(&self) -> bool {
        self.queued.load(Ordering::Relaxed) > 0
    }

    /// Waits until no other committer of the queue is at work. `None` where it is this very thread's turn: a row that is
    /// dropped by its commit may commit something itself.
    pub(crate) fn wait(&self) -> Option<Turn<'_>> {
        let own = current_thread();
        if *self.thread() == Some(own) {
            return None;
        }
        self.queued.fetch_add(1, Ordering::Relaxed);
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        *self.thread() = Some(own);
        Some(Turn { turns: self, _turn: turn })
    }

    fn thread(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_taken_once_by_a_thread_and_ends() {
        let turns = Turns::default();
        for _ in 0..2 {
            assert!(!turns.is_queued());
            let turn = turns.wait();
            assert!(turn.is_some() && turns.is_queued());
            assert!(turns.wait().is_none(), "it is this thread's already");
            assert!(turns.is_queued());
            drop(turn);
        }
        assert!(!turns.is_queued());
    }
}
