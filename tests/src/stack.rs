//! Little stack: recursion over user-sized data does not fit into it.
use std::thread;

/// Runs `work` on a thread with 128 KiB of stack.
pub fn on_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, work);
        thread.expect("a thread can be started").join().expect("the work does not panic")
    })
}
