//! What is let go is freed: after deletes, and when the last holder of a version is gone, the allocator's count is back
//! where it was.
mod left;
mod models;
mod refilled;
mod rows;
mod versions;
mod watchers;

// A database remembers which versions were held until it looks at them again, as `stats` does: some 200 bytes for each.

use allocation_counter::measure;

/// Bytes that two runs of `work` leave behind, on this thread, after two that pay for what is made once.
fn left_after(work: impl Fn()) -> i64 {
    let twice = || (0..2).for_each(|_| work());
    twice();
    measure(twice).bytes_current
}

/// A list that grew, a node more above the rows: all that may be left, however much was done.
const SLACK: i64 = 4_096;

/// Runs `work` again and again on the state that its caller holds; that must leave nothing.
#[track_caller]
fn gives_back(work: impl Fn()) {
    let left = left_after(work);
    assert!(left <= SLACK, "{left} bytes are left");
}
