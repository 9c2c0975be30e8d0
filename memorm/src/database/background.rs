//! Dropping large versions without a stall.
use super::handle::Database;
use super::snapshot::Snapshot;
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};

type Garbage = Box<dyn Send>;

/// Hands a value to the thread that drops such values, one after the other. Where no thread can be started, it is
/// dropped here.
fn drop_elsewhere(garbage: Garbage) {
    static THREAD: OnceLock<Option<Sender<Garbage>>> = OnceLock::new();
    let thread = THREAD.get_or_init(|| {
        let (sender, garbage) = channel::<Garbage>();
        let work = move || garbage.into_iter().for_each(drop_quietly);
        std::thread::Builder::new().name("memorm drop".to_owned()).spawn(work).ok()?;
        Some(sender)
    });
    if let Some(thread) = thread {
        // what cannot be sent comes back in the error, and is dropped with it
        let _ = thread.send(garbage);
    }
}

/// A `Drop` of the caller's that panics does not end the thread.
fn drop_quietly(garbage: Garbage) {
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(garbage)));
}

impl Snapshot {
    /// Drops the snapshot on another thread. If it is the last to hold its version, freeing the rows that no other version
    /// shares takes time for each row, which the caller does not wait for. One thread serves the whole process; it
    /// is started by the first call.
    pub fn drop_in_background(self) {
        drop_elsewhere(Box::new(self.not_left_to_sessions()));
    }
}

impl Database {
    /// Drops the database on another thread, as [`Snapshot::drop_in_background`] does.
    pub fn drop_in_background(self) {
        drop_elsewhere(Box::new(self));
    }
}
