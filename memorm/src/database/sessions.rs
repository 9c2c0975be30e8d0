//! The open sessions, and the versions that readers leave to them.
//!
//! ```text
//!   reader: drops the last snapshot of a version ──► is a session open that another thread commits with? ──► left to it
//!                                                              │ no
//!                                                              └──► freed here
//!   session: commits or ends ──► frees what was left
//! ```
//!
//! A commit that copies nodes raises the counts of what they share, in the cache of its own processor. To lower them again on
//! another one is a trip between the two for each: a reader that took a snapshot every hundred microseconds beside a
//! writer spent most of its time so. The idea is that of read-copy-update (McKenney and Slingwine, 1998), where old versions
//! are freed apart from the readers; here counts tell when.
//!
//! Must stay true: a version is left only while a session is open, so that somebody will free it; a commit frees no more pieces than
//! a few times those that it made, so that no writer stalls; the last session that ends frees all. What one thread does
//! alone is freed at once.
use super::sync::{AtomicBool, AtomicU64, AtomicUsize, Mutex, MutexGuard, thread_mark};
use crate::link::Link;
use crate::world::{Remains, World};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// So many pieces are freed by each commit, and so many more for each row that it has written: a row takes a leaf and
/// three nodes at the most, as long as there are fewer than a million.
const PIECES: usize = 32;
const PIECES_A_ROW: usize = 8;
/// So many versions may wait; of more, a commit frees the rest at once. Statements write more rows than are counted.
const WAITING: usize = 16;

/// The sessions of a database.
#[derive(Default)]
pub(crate) struct Sessions {
    open: AtomicUsize,
    /// The thread of the last commit.
    writer: AtomicU64,
    has_left: AtomicBool,
    left: Mutex<Remains>,
}

impl Sessions {
    pub(crate) fn open(&self) -> usize {
        self.open.load(SeqCst)
    }

    pub(crate) fn opened(&self) {
        self.open.fetch_add(1, Relaxed);
    }

    pub(crate) fn closed(&self) {
        if self.open.fetch_sub(1, SeqCst) == 1 {
            self.free();
        }
    }

    /// After a commit of this thread that has written so many rows.
    #[inline]
    pub(crate) fn committed(&self, rows: usize) {
        self.writer.store(thread_mark(), Relaxed);
        if self.has_left.load(SeqCst) {
            self.free_some(PIECES + PIECES_A_ROW * rows);
        }
    }

    /// Leaves a version that only the caller holds to the writer, if there is one elsewhere; it is for the caller to let
    /// go of it then.
    pub(super) fn leave(&self, world: &Link<World>) {
        if self.open() > 0 && self.writer.load(Relaxed) != thread_mark() {
            self.put(|left| left.add(world.clone()));
        }
    }

    fn put(&self, put: impl FnOnce(&mut Remains)) {
        put(&mut self.left());
        self.has_left.store(true, SeqCst);
        // the last session may have ended in between, and found nothing
        if self.open() == 0 {
            self.free();
        }
    }

    fn left(&self) -> MutexGuard<'_, Remains> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Frees all that was left.
    pub(super) fn free(&self) {
        if self.has_left.load(SeqCst) {
            self.free_some(usize::MAX);
        }
    }

    #[cold]
    fn free_some(&self, pieces: usize) {
        let mut taken = {
            let mut left = self.left();
            self.has_left.store(false, Relaxed);
            std::mem::take(&mut *left)
        };
        // not under the lock: a row may run code of the caller's when it is dropped, and that may panic
        let mut freed = 0;
        while freed < pieces || taken.whole_versions() > WAITING {
            freed += 1;
            if matches!(catch_unwind(AssertUnwindSafe(|| taken.free_one())), Ok(false)) {
                return;
            }
        }
        self.put(|left| left.append(taken));
    }
}
