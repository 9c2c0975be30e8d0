//! The locks of this folder: those of `std`, or those of a checker that chooses the schedule. `--cfg memorm_shuttle` runs whole
//! programs under random schedules; `--cfg memorm_loom` runs small ones under all of them, and lets relaxed atomics show each value
//! that the memory model allows.
//!
//! `Arc` is always the one of `std`: rows and versions are in it, and users see it. A version is shared by copying the
//! pointer under the head's lock, which is a step of the schedule.

#[cfg(not(any(memorm_shuttle, memorm_loom)))]
use std::{sync, thread};

#[cfg(memorm_loom)]
use loom::{sync, thread};
#[cfg(memorm_shuttle)]
use shuttle::{sync, thread};

pub(super) use sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
pub(super) use sync::{Condvar, Mutex, MutexGuard, RwLock};
pub(super) use thread::ThreadId;

/// The thread that asks.
pub(super) fn current_thread() -> ThreadId {
    thread::current().id()
}

/// Tells threads that are alive apart: where something lies that each has of its own.
#[cfg(not(any(memorm_shuttle, memorm_loom)))]
#[inline]
pub(super) fn thread_mark() -> u64 {
    std::thread_local!(static OWN: u8 = const { 0 });
    OWN.with(|own| std::ptr::from_ref(own).addr() as u64)
}

/// Tells threads apart.
#[cfg(any(memorm_shuttle, memorm_loom))]
pub(super) fn thread_mark() -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(current_thread())
}

/// Lets others go first.
#[cfg(not(any(memorm_shuttle, memorm_loom)))]
pub(super) fn pause(microseconds: u64) {
    match microseconds {
        0..2 => thread::yield_now(),
        n => thread::sleep(std::time::Duration::from_micros(n)),
    }
}

/// Lets others go first. Time does not pass in a schedule.
#[cfg(any(memorm_shuttle, memorm_loom))]
pub(super) fn pause(_microseconds: u64) {
    thread::yield_now();
}
