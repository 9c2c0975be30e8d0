//! Fault points: places where a test lets the library fail, to see that all is whole afterwards.
//!
//! ```text
//!   test ── run(n, work) ──► work ── point ── point ── point ──►     the nth point panics, once
//! ```
//!
//! A point stands before a step that leaves something half done. Without the feature `fault` a point is an empty function.
//!
//! Not here: points between the first and the last row that a commit writes in place, and between the swap of the head and
//! the end of its lock. Nothing there can fail but the allocator, which ends the process.

/// A step is about to be taken.
#[cfg(not(feature = "fault"))]
#[inline(always)]
pub(crate) fn point(_name: &'static str) {}

#[cfg(feature = "fault")]
pub(crate) use on::point;
#[cfg(feature = "fault")]
pub use on::{Outcome, run};

#[cfg(feature = "fault")]
mod on {
    use std::cell::{Cell, RefCell};
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    thread_local! {
        /// How many points are passed before one fails.
        static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
        static PASSED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    /// What a failing point throws.
    struct Failed(&'static str);

    /// What became of some work.
    #[derive(Debug)]
    pub enum Outcome<T> {
        /// This point has failed.
        Failed(&'static str),
        /// There are fewer points: these, in the order in which the work came by.
        Done(T, Vec<&'static str>),
    }

    pub(crate) fn point(name: &'static str) {
        match LEFT.get() {
            Some(0) => {
                LEFT.set(None);
                // no panic hook, no message: nothing is wrong
                resume_unwind(Box::new(Failed(name)));
            }
            Some(left) => {
                LEFT.set(Some(left - 1));
                PASSED.with_borrow_mut(|passed| passed.push(name));
            }
            None => {}
        }
    }

    /// Runs `work` on this thread and lets its `n`th point fail, from 0. Other panics go on.
    pub fn run<T>(n: u64, work: impl FnOnce() -> T) -> Outcome<T> {
        PASSED.with_borrow_mut(Vec::clear);
        LEFT.set(Some(n));
        let result = catch_unwind(AssertUnwindSafe(work));
        LEFT.set(None);
        match result.map_err(|panic| panic.downcast::<Failed>()) {
            Ok(value) => Outcome::Done(value, PASSED.take()),
            Err(Ok(failed)) => Outcome::Failed(failed.0),
            Err(Err(panic)) => resume_unwind(panic),
        }
    }
}
