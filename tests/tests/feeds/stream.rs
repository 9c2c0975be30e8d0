//! A feed as a `Stream`.
use crate::models::{item, told};
use futures_core::Stream;
use memorm::prelude::*;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

async fn next(feed: &mut Feed) -> Option<CommitChanges> {
    poll_fn(|context| Pin::new(&mut *feed).poll_next(context)).await
}

#[tokio::test]
async fn a_stream_gives_each_commit_and_ends_with_the_database() {
    let db = Database::new();
    let mut feed = db.subscribe();
    let reader = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(commit) = next(&mut feed).await {
            all.extend(told(&commit));
        }
        all
    });
    for id in 1..=3 {
        db.transaction(|s| s.add(item(id, 0))).expect("a new key");
        tokio::task::yield_now().await;
    }
    drop(db);
    assert_eq!(reader.await.unwrap(), ["+1", "+2", "+3"]);
}

#[tokio::test]
async fn an_async_database_has_feeds() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    let mut feed = db.as_sync().subscribe();
    let mut session = db.session().await;
    session.add(item(1, 0))?;
    session.commit().await?;
    assert_eq!(told(&next(&mut feed).await.unwrap()), ["+1"]);
    Ok(())
}

/// A waker that wants to write to the database when it is woken.
struct Writes(Arc<Database>);

impl std::task::Wake for Writes {
    fn wake(self: Arc<Self>) {
        assert!(self.0.version() > Version(0), "the lock of the newest version is free");
    }
}

#[test]
fn wakers_run_outside_of_the_lock() {
    let db = Arc::new(Database::new());
    let mut feed = db.subscribe();
    let waker = Waker::from(Arc::new(Writes(db.clone())));
    let poll = Pin::new(&mut feed).poll_next(&mut Context::from_waker(&waker));
    assert!(matches!(poll, Poll::Pending));
    db.transaction(|s| s.add(item(1, 0))).expect("a new key");
    assert!(feed.try_next().is_some());
}

/// A waker that writes to the database when it is let go.
struct WritesAtLast(Arc<Database>);

impl std::task::Wake for WritesAtLast {
    fn wake(self: Arc<Self>) {}
}

impl Drop for WritesAtLast {
    fn drop(&mut self) {
        self.0.transaction(|s| s.add(item(1, 0))).expect("a new key");
    }
}

#[test]
fn wakers_are_let_go_outside_of_the_lock() {
    let db = Arc::new(Database::new());
    let mut feed = db.subscribe();
    let mut poll = |waker: Waker| Pin::new(&mut feed).poll_next(&mut Context::from_waker(&waker)).is_ready();
    assert!(!poll(Waker::from(Arc::new(WritesAtLast(db.clone())))));
    // takes the place of the other, whose commit comes after the look at the queue
    assert!(!poll(Waker::noop().clone()));
    assert!(poll(Waker::noop().clone()));
}

/// A waker that counts how often it is woken.
#[derive(Default)]
struct Counts(AtomicUsize);

impl std::task::Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn who_waits_is_woken_once_by_a_commit_and_by_the_end() {
    let db = Database::new();
    let mut feed = db.subscribe();
    let counts = Arc::new(Counts::default());
    let waker = Waker::from(counts.clone());
    let mut poll =
        || Pin::new(&mut feed).poll_next(&mut Context::from_waker(&waker)).map(|next| next.is_some());
    let woken = || counts.0.load(Ordering::Relaxed);
    assert_eq!((poll(), poll(), woken()), (Poll::Pending, Poll::Pending, 0));
    for id in 1..=2 {
        db.transaction(|s| s.add(item(id, 0))).expect("a new key");
        assert_eq!(woken(), 1, "nobody waits for the second commit");
    }
    assert_eq!((poll(), poll(), poll()), (Poll::Ready(true), Poll::Ready(true), Poll::Pending));
    drop(db);
    assert_eq!((woken(), poll()), (2, Poll::Ready(false)));
}
