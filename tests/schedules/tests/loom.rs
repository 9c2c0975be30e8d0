//! The smallest races of sessions under all schedules, with all values that relaxed atomics may show.
#![cfg(memorm_loom)]

use loom::thread;
use memorm::prelude::*;
use memorm_schedules::{Account, accounts, balances};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Adds to an account once; whether that went through.
fn add(db: &Database, id: u64, amount: i64) -> bool {
    let mut session = db.session();
    session.update::<Account>(id, |a| a.balance += amount).expect("it is there");
    match session.commit() {
        Ok(_) => true,
        Err(error) => {
            assert!(error.is_conflict(), "{error}");
            false
        }
    }
}

/// Runs a race under all of its schedules; there must be at least so many.
fn check(at_least: usize, race: impl Fn() + Sync + Send + 'static) {
    let schedules = Arc::new(AtomicUsize::new(0));
    let counted = schedules.clone();
    loom::model(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        race();
    });
    let schedules = schedules.load(Ordering::Relaxed);
    assert!(schedules >= at_least, "only {schedules} schedules");
}

#[test]
fn of_two_commits_to_one_row_the_first_wins() {
    check(300, || {
        let db = accounts(&[0]);
        let other = {
            let db = db.clone();
            thread::spawn(move || add(&db, 1, 1))
        };
        let here = add(&db, 1, 1);
        let there = other.join().expect("no thread panics");
        assert!(here || there, "nobody wins");
        assert_eq!(balances(&db.snapshot()), [i64::from(here) + i64::from(there)]);
    });
}

#[test]
fn two_commits_to_two_rows_both_go_through() {
    check(300, || {
        let db = accounts(&[0, 0]);
        let other = {
            let db = db.clone();
            thread::spawn(move || assert!(add(&db, 1, 1)))
        };
        assert!(add(&db, 2, 1));
        other.join().expect("no thread panics");
        assert_eq!(balances(&db.snapshot()), [1, 1]);
    });
}

#[test]
fn a_reader_sees_all_of_a_commit_or_nothing() {
    check(5, || {
        let db = accounts(&[5, 5]);
        let writer = {
            let db = db.clone();
            thread::spawn(move || {
                db.transaction(|s| {
                    s.update::<Account>(1, |a| a.balance -= 1)?;
                    s.update::<Account>(2, |a| a.balance += 1)
                })
                .expect("nobody else writes");
            })
        };
        let seen = db.snapshot();
        let first = balances(&seen);
        assert!(first == [5, 5] || first == [4, 6], "{first:?}");
        writer.join().expect("no thread panics");
        assert_eq!(balances(&seen), first, "a held version has changed");
    });
}

#[test]
fn the_direct_path_is_alone() {
    check(5, || {
        let db = accounts(&[0]);
        let hot = {
            let db = db.clone();
            thread::spawn(move || {
                let Ok(mut hot) = db.try_exclusive() else { return 0 };
                hot.update::<Account>(1, |a| a.balance += 1).expect("it is there");
                hot.update::<Account>(1, |a| a.balance += 1).expect("it is there");
                2
            })
        };
        let seen = balances(&db.snapshot());
        let added = hot.join().expect("no thread panics");
        assert!(seen == [0] || seen == [added], "half of the direct path: {seen:?}");
        assert_eq!(balances(&db.snapshot()), [added]);
    });
}

#[derive(Model, Clone, Debug)]
#[model(table = "notes")]
struct Note {
    #[model(primary_key, auto)]
    id: u64,
}

#[test]
fn keys_that_two_sessions_are_given_differ() {
    check(5, || {
        let db = accounts(&[]);
        let note = |db: &Database| db.session().add(Note { id: 0 }).expect("the key is free").id;
        let other = {
            let db = db.clone();
            thread::spawn(move || note(&db))
        };
        let here = note(&db);
        assert_ne!(here, other.join().expect("no thread panics"));
    });
}

#[test]
fn a_feed_tells_the_commits_after_the_version_that_it_begins_with() {
    check(5, || {
        let db = accounts(&[0]);
        let writer = {
            let db = db.clone();
            thread::spawn(move || assert!(add(&db, 1, 1)))
        };
        let mut feed = db.subscribe();
        let after = db.version();
        writer.join().expect("no thread panics");
        let told = feed.try_next().map(|commit| commit.version());
        assert!(told == Some(Version(2)) || after == Version(2), "{told:?} after {after}");
        assert!(feed.try_next().is_none());
    });
}

#[test]
fn a_hook_that_is_there_before_a_commit_begins_sees_it() {
    check(5, || {
        let db = accounts(&[0]);
        let seen = Arc::new(AtomicUsize::new(0));
        let watcher = {
            let (db, seen) = (db.clone(), seen.clone());
            thread::spawn(move || {
                db.on_commit(move |_| {
                    seen.fetch_add(1, Ordering::Relaxed);
                    Ok::<(), String>(())
                })
            })
        };
        assert!(add(&db, 1, 1));
        let _hook = watcher.join().expect("no thread panics");
        assert!(add(&db, 1, 1));
        assert!(matches!(seen.load(Ordering::Relaxed), 1 | 2));
    });
}

#[test]
fn a_restore_and_a_commit_are_one_step_each() {
    check(20, || {
        let db = accounts(&[0, 0]);
        db.checkpoint("begin");
        assert!(add(&db, 1, 1));
        let writer = {
            let db = db.clone();
            thread::spawn(move || db.transaction(|s| s.update::<Account>(2, |a| a.balance += 1)).map(drop))
        };
        db.restore("begin").expect("it is there");
        writer.join().expect("no thread panics").expect("retried");
        let left = balances(&db.snapshot());
        assert!(left == [0, 0] || left == [0, 1], "{left:?}");
        assert_eq!(db.version(), Version(4));
    });
}

#[test]
fn a_planted_lost_update_is_found() {
    let racy = || {
        let db = accounts(&[0]);
        let add_seen = |db: &Database| {
            let seen = db.snapshot().get_one::<Account>(1).expect("it is there").balance;
            db.transaction(|s| s.update::<Account>(1, |a| a.balance = seen + 1)).expect("retried");
        };
        let other = {
            let db = db.clone();
            thread::spawn(move || add_seen(&db))
        };
        add_seen(&db);
        other.join().expect("no thread panics");
        assert_eq!(balances(&db.snapshot()), [2], "an update is lost");
    };
    let found = catch_unwind(AssertUnwindSafe(|| check(1, racy)));
    assert!(found.is_err(), "the checker is blind");
}
