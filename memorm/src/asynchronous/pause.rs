//! Letting others run, on any runtime.
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
