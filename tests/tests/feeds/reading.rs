//! How a feed is read: in its own time, up to its bound, to its end.
use crate::models::{Item, item, told, versions};
use memorm::prelude::*;
use std::thread;
use std::time::Duration;

fn commit(db: &Database, id: u64) {
    db.transaction(|s| s.add(item(id, 0))).expect("a new key");
}

#[test]
fn a_feed_begins_with_the_next_commit() {
    let db = Database::new();
    commit(&db, 1);
    let mut feed = db.subscribe();
    assert!(feed.try_next().is_none());
    commit(&db, 2);
    assert_eq!(versions(&mut feed), [2]);
}

#[test]
fn the_iterator_waits_for_commits_and_ends_with_the_database() {
    let db = Database::new();
    let feed = db.subscribe();
    let reader = thread::spawn(move || feed.flat_map(|commit| told(&commit)).collect::<Vec<_>>());
    let mut session = db.session(); // a session alone does not keep a feed open
    (1..=3).for_each(|id| commit(&db, id));
    drop(db);
    assert_eq!(reader.join().unwrap(), ["+1", "+2", "+3"]);
    session.add(item(4, 0)).unwrap();
    assert!(session.commit().is_ok());
}

#[test]
fn a_closed_feed_gives_what_it_has_and_then_nothing() {
    let db = Database::new();
    let mut feed = db.subscribe();
    commit(&db, 1);
    assert!(!feed.is_closed());
    drop(db);
    assert!(feed.is_closed());
    assert!(feed.next().is_some());
    assert!(feed.next().is_none() && feed.next_timeout(Duration::MAX).is_none());
}

#[test]
fn next_timeout_gives_up_where_nothing_comes() {
    let db = Database::new();
    let mut feed = db.subscribe();
    assert!(feed.next_timeout(Duration::from_millis(1)).is_none());
    commit(&db, 1);
    assert!(feed.next_timeout(Duration::ZERO).is_some());
    let writer = thread::spawn(move || {
        commit(&db, 2);
        db
    });
    assert!(feed.next_timeout(Duration::MAX).is_some());
    writer.join().unwrap();
}

#[test]
fn next_timeout_waits_for_a_commit_or_the_end() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let db = Database::new();
    let mut feed = db.subscribe();
    let writer = thread::spawn(move || (0..20).for_each(|id| commit(&db, id)));
    let told = std::iter::from_fn(|| feed.next_timeout(HOUR)).count();
    assert_eq!(told, 20);
    writer.join().unwrap();
}

#[test]
fn a_feed_holds_1024_commits() {
    let db = Database::new();
    let mut feed = db.subscribe();
    (0..1_024).for_each(|id| commit(&db, id));
    commit(&db, 5_000);
    let first = feed.try_next().unwrap();
    assert_eq!((first.version(), first.lagged()), (Version(2), Some(Lagged(1))));
    assert_eq!(versions(&mut feed), (3..=1_025).collect::<Vec<_>>());
}

#[test]
fn a_slow_reader_is_told_how_far_it_lags_and_misses_no_change() -> memorm::Result<()> {
    let db = Database::new();
    commit(&db, 1);
    let mut feed = db.subscribe_with(1);
    commit(&db, 2);
    db.transaction(|s| s.update::<Item>(2, |item| item.qty = 5))?;
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    commit(&db, 3);
    db.transaction(|s| s.delete_by_key::<Item>(3))?;
    let all = feed.try_next().unwrap();
    assert_eq!((all.version(), all.lagged()), (db.version(), Some(Lagged(4))));
    assert_eq!(told(&all), ["-1", "+2"]);
    assert_eq!(all.before().version(), Version(1));
    commit(&db, 4);
    assert_eq!(feed.try_next().unwrap().lagged(), None, "the reader has caught up");
    Ok(())
}

#[test]
fn a_bound_of_none_holds_one_commit() {
    let db = Database::new();
    let mut feed = db.subscribe_with(0);
    (1..=3).for_each(|id| commit(&db, id));
    assert_eq!(versions(&mut feed), [3]);
}

#[test]
fn commits_go_in_place_again_when_the_last_feed_is_dropped() -> memorm::Result<()> {
    let db = Database::new();
    commit(&db, 1);
    let old = Arc::downgrade(&db.snapshot().get_one::<Item>(1)?);
    let (one, other) = (db.subscribe(), db.subscribe());
    drop(one);
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(old.strong_count(), 1);
    drop(other);
    assert_eq!(old.strong_count(), 0, "nobody holds what was not read");
    assert_eq!(db.stats().versions.len(), 1);
    Ok(())
}

#[test]
fn a_feed_that_is_dropped_ends_no_other() {
    let db = Database::new();
    let (mut one, other) = (db.subscribe(), db.subscribe());
    drop(other);
    commit(&db, 1);
    assert_eq!(format!("{one:?}"), "Feed { waiting: 1, is_closed: false, .. }");
    assert_eq!(versions(&mut one), [1]);
}

#[test]
fn feeds_read_apart_from_each_other() {
    let db = Database::new();
    let (mut one, mut other) = (db.subscribe(), db.subscribe_with(2));
    (1..=4).for_each(|id| commit(&db, id));
    assert_eq!(versions(&mut one), [1, 2, 3, 4]);
    assert_eq!(versions(&mut other), [3, 4]);
}
