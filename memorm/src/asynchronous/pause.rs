//! Letting others run, on any runtime: there is no clock, so time is counted in returns to the executor.
use std::future::poll_fn;
use std::task::Poll;

/// Returns to the executor once.
pub(super) async fn pause() {
    let mut is_second = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_second, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Returns to the executor so many times.
pub(super) async fn pause_for(returns: u64) {
    for _ in 0..returns {
        pause().await;
    }
}
