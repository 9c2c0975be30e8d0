//! Versions that a reader leaves to a writer on another thread: nothing of them stays for good.
use memorm::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Model, Clone, Debug)]
struct Tile {
    #[model(primary_key)]
    id: u64,
    height: i64,
}

/// A database with a row that only `old` holds, a session that has replaced it on this thread, and what tells whether
/// the old row is there.
fn superseded(db: &Database) -> (Session, Snapshot, Weak<Tile>) {
    let mut session = db.session();
    session.add_all((0..1_000).map(|id| Tile { id, height: 0 })).unwrap();
    session.commit().unwrap();
    let old = db.snapshot();
    let row = Arc::downgrade(&old.get::<Tile>(7).unwrap());
    session.update::<Tile>(7, |tile| tile.height = 1).unwrap();
    session.commit().unwrap();
    (session, old, row)
}

fn drop_elsewhere(old: Snapshot) {
    thread::spawn(move || drop(old)).join().unwrap();
}

#[test]
fn the_next_commit_frees_what_a_reader_has_left() {
    let db = Database::new();
    let (mut session, old, row) = superseded(&db);
    drop_elsewhere(old);
    assert_eq!(row.strong_count(), 1, "left to the session");
    session.update::<Tile>(8, |tile| tile.height = 1).unwrap();
    session.commit().unwrap();
    assert_eq!(row.strong_count(), 0);
}

#[test]
fn the_end_of_the_last_session_frees_it() {
    let db = Database::new();
    let (session, old, row) = superseded(&db);
    let other = db.session();
    drop_elsewhere(old);
    drop(session);
    assert_eq!(row.strong_count(), 1, "another session is open");
    drop(other);
    assert_eq!(row.strong_count(), 0);
}

#[test]
fn who_asks_what_is_held_frees_it() {
    let db = Database::new();
    let (_session, old, row) = superseded(&db);
    drop_elsewhere(old);
    assert_eq!(db.stats().versions.len(), 1, "nobody holds the old version");
    assert_eq!(row.strong_count(), 0);
}

#[test]
fn what_is_dropped_in_background_is_not_left_to_a_session() {
    let db = Database::new();
    let (_session, old, row) = superseded(&db);
    old.drop_in_background();
    let until = Instant::now() + Duration::from_secs(20);
    while row.strong_count() > 0 {
        assert!(Instant::now() < until, "the thread frees it");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn without_a_session_elsewhere_it_is_freed_at_once() {
    let db = Database::new();
    let (_session, old, row) = superseded(&db);
    drop(old);
    assert_eq!(row.strong_count(), 0, "the writer's own thread");

    let db = Database::new();
    let (session, old, row) = superseded(&db);
    drop(session);
    drop_elsewhere(old);
    assert_eq!(row.strong_count(), 0, "nobody would free it later");
}

#[test]
fn a_version_that_others_hold_stays_whole() {
    let db = Database::new();
    let (mut session, old, row) = superseded(&db);
    let fork = old.clone();
    drop_elsewhere(old);
    session.update::<Tile>(8, |tile| tile.height = 1).unwrap();
    session.commit().unwrap();
    assert_eq!(row.strong_count(), 1);
    assert_eq!(fork.all(select::<Tile>().filter(Tile::HEIGHT.eq(0))).unwrap().len(), 1_000);
}

#[test]
fn the_last_holder_of_a_version_on_the_writers_thread_frees_it() {
    let db = Database::new();
    let (_session, old, row) = superseded(&db);
    let other = old.clone();
    drop_elsewhere(old);
    drop(other);
    assert_eq!(row.strong_count(), 0, "nobody else holds it any more");
}

/// A session that has replaced fifty thousand rows, which are left to it.
fn many_left(db: &Database) -> (Session, Vec<Weak<Tile>>) {
    let mut session = db.session();
    session.add_all((0..50_000).map(|id| Tile { id, height: 0 })).unwrap();
    session.commit().unwrap();
    let old = db.snapshot();
    let rows: Vec<_> = (0..50_000).map(|id| Arc::downgrade(&old.get::<Tile>(id).unwrap())).collect();
    for id in 0..50_000 {
        session.update::<Tile>(id, |tile| tile.height = 1).unwrap();
    }
    session.commit().unwrap();
    drop_elsewhere(old);
    assert_eq!(alive(&rows), 50_000);
    (session, rows)
}

fn alive(rows: &[Weak<Tile>]) -> usize {
    rows.iter().filter(|row| row.strong_count() > 0).count()
}

#[test]
fn who_frees_all_does_so_at_once() {
    let db = Database::new();
    let (session, rows) = many_left(&db);
    drop(session);
    assert_eq!(alive(&rows), 0, "the last session has ended");

    let db = Database::new();
    let (mut session, rows) = many_left(&db);
    for id in 0..1_000 {
        session.update::<Tile>(id, |tile| tile.height = 2).unwrap();
    }
    session.commit().unwrap();
    assert_eq!(alive(&rows), 0, "the commit has made as many pieces itself");
}

#[test]
fn many_rows_are_freed_bit_by_bit() {
    let db = Database::new();
    let (mut session, rows) = many_left(&db);
    let mut before = alive(&rows);
    let mut commits = 0;
    while before > 0 {
        session.update::<Tile>(0, |tile| tile.height += 1).unwrap();
        session.commit().unwrap();
        let after = alive(&rows);
        assert!(after < before || commits < 3, "each commit frees something");
        assert!(before - after <= 40 * 16, "no more than forty leaves");
        (before, commits) = (after, commits + 1);
    }
    assert!(commits > 50, "one commit has not done all");
}

/// Its drop panics once it is armed.
#[derive(Clone, Debug)]
struct Bomb(Arc<AtomicBool>);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0.swap(false, Ordering::Relaxed), "the bomb goes off");
    }
}

#[derive(Model, Clone, Debug)]
struct Trap {
    #[model(primary_key)]
    id: u64,
    #[model(opaque)]
    bomb: Bomb,
}

#[test]
fn a_row_that_panics_when_it_is_dropped_does_not_reach_the_writer() {
    let db = Database::new();
    let is_armed = Arc::new(AtomicBool::new(false));
    let mut session = db.session();
    session.add(Trap { id: 1, bomb: Bomb(is_armed.clone()) }).unwrap();
    session.commit().unwrap();
    let old = db.snapshot();
    session.delete_by_key::<Trap>(1).unwrap();
    session.commit().unwrap();
    drop_elsewhere(old);
    is_armed.store(true, Ordering::Relaxed);
    session.add(Tile { id: 1, height: 0 }).unwrap();
    session.commit().unwrap();
    assert!(!is_armed.load(Ordering::Relaxed), "the old row is gone");
    assert_eq!(db.snapshot().peek::<Tile>(1).unwrap().height, 0);
}
