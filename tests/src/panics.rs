//! Panics of user code, caught.
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `work`; whether it panicked with `message`. Any other panic goes on.
pub fn panics<T>(message: &str, work: impl FnOnce() -> T) -> bool {
    let Err(panic) = catch_unwind(AssertUnwindSafe(work)) else { return false };
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    if text == Some(message) { true } else { resume_unwind(panic) }
}
