//! Whole sessions under schedules that the checker chooses: random ones, and all of the smallest programs.
#![cfg(memorm_shuttle)]

use memorm::prelude::*;
use memorm_schedules::{Account, accounts, balances, filled};
use shuttle::sync::Mutex;
use shuttle::{check_dfs, check_pct, check_random, thread};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Retries until it goes through.
fn transfer(db: &Database, from: u64, to: u64) {
    loop {
        let mut session = db.session();
        session.update::<Account>(from, |a| a.balance -= 1).expect("it is there");
        session.update::<Account>(to, |a| a.balance += 1).expect("it is there");
        match session.commit() {
            Ok(_) => return,
            Err(error) => assert!(error.is_conflict(), "{error}"),
        }
    }
}

/// Two writers of the same rows, a reader, and a holder of snapshots that makes commits swap instead of write in place.
fn writers_and_readers() {
    let db = accounts(&[5, 5, 5]);
    let writers = [(1, 2), (2, 3)].map(|(from, to)| {
        let db = db.clone();
        thread::spawn(move || {
            transfer(&db, from, to);
            transfer(&db, from, to);
        })
    });
    let reader = {
        let db = db.clone();
        thread::spawn(move || {
            let mut last = Version(0);
            for _ in 0..3 {
                let snapshot = db.snapshot();
                assert_eq!(balances(&snapshot).iter().sum::<i64>(), 15, "half a commit");
                assert!(snapshot.version() >= last, "time runs back");
                last = snapshot.version();
                thread::yield_now();
                assert_eq!(balances(&snapshot).iter().sum::<i64>(), 15, "a held version has changed");
            }
        })
    };
    for thread in writers.into_iter().chain([reader]) {
        thread.join().expect("no thread panics");
    }
    assert_eq!(balances(&db.snapshot()), [3, 5, 7], "an update is lost");
    assert_eq!(db.version(), Version(5), "each commit is one version");
    db.assert_consistent();
}

/// A reader lets go of versions while writers commit, and end.
fn readers_leave_versions() {
    let db = accounts(&[5, 5, 5]);
    let writer = {
        let db = db.clone();
        thread::spawn(move || {
            transfer(&db, 1, 2);
            transfer(&db, 2, 3);
        })
    };
    let mut rows = Vec::new();
    for _ in 0..3 {
        let snapshot = db.snapshot();
        let row = snapshot.get::<Account>(1).expect("it is there");
        rows.push((row.balance, std::sync::Arc::downgrade(&row)));
        drop(row);
        thread::yield_now();
    }
    writer.join().expect("no thread panics");
    for (balance, row) in rows {
        assert_eq!(row.strong_count(), usize::from(balance == 4), "a row that no version has is still there");
    }
}

#[test]
fn nothing_that_readers_leave_to_writers_stays() {
    check_random(readers_leave_versions, 3_000);
    check_pct(readers_leave_versions, 1_500, 3);
}

#[test]
fn readers_see_whole_commits_and_no_update_is_lost() {
    check_random(writers_and_readers, 3_000);
    check_pct(writers_and_readers, 1_500, 3);
}

/// The smallest race: every schedule of it.
#[test]
fn two_commits_to_one_row_in_all_schedules() {
    check_dfs(
        || {
            let db = accounts(&[0]);
            let add = |db: Arc<Database>| {
                move || {
                    let mut session = db.session();
                    session.update::<Account>(1, |a| a.balance += 1).expect("it is there");
                    session.commit().is_ok()
                }
            };
            let other = thread::spawn(add(db.clone()));
            let here = add(db.clone())();
            let there = other.join().expect("no thread panics");
            assert!(here || there, "nobody wins");
            let wins = i64::from(here) + i64::from(there);
            assert_eq!(balances(&db.snapshot()), [wins]);
        },
        Some(20_000),
    );
}

/// Write skew: at Serializable one of two withdrawals sees the other.
fn skew(isolation: Isolation) {
    let db = filled(Database::builder().isolation(isolation).build(), &[5, 5]);
    let withdraw = |db: Arc<Database>, from: u64| {
        move || {
            let mut session = db.session();
            let sum: i64 =
                select::<Account>().select(Account::BALANCE).all(&session).expect("plain").iter().sum();
            if sum >= 8 {
                session.update::<Account>(from, |a| a.balance -= 8).expect("it is there");
                let _ = session.commit();
            }
        }
    };
    let other = thread::spawn(withdraw(db.clone(), 1));
    withdraw(db.clone(), 2)();
    other.join().expect("no thread panics");
    assert!(balances(&db.snapshot()).iter().sum::<i64>() >= 0, "both have withdrawn");
}

#[test]
fn no_schedule_has_write_skew_at_serializable() {
    check_random(|| skew(Isolation::Serializable), 3_000);
}

#[test]
fn the_write_skew_of_snapshot_isolation_is_found() {
    let found = catch_unwind(AssertUnwindSafe(|| check_random(|| skew(Isolation::Snapshot), 3_000)));
    assert!(found.is_err(), "the checker is blind");
}

#[test]
fn a_planted_lost_update_is_found() {
    // reads in one session, writes what it read in another
    let racy = || {
        let db = accounts(&[0]);
        let add = |db: Arc<Database>| {
            move || {
                let seen = db.snapshot().get_one::<Account>(1).expect("it is there").balance;
                db.transaction(|s| s.update::<Account>(1, |a| a.balance = seen + 1)).expect("retried");
            }
        };
        let other = thread::spawn(add(db.clone()));
        add(db.clone())();
        other.join().expect("no thread panics");
        assert_eq!(balances(&db.snapshot()), [2], "an update is lost");
    };
    let found = catch_unwind(AssertUnwindSafe(|| check_random(racy, 3_000)));
    assert!(found.is_err(), "the checker is blind");
}

/// A feed tells each commit once, in order, whenever it was opened.
fn feed() {
    let db = accounts(&[0]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let reader = {
        let (db, told) = (db.clone(), told.clone());
        thread::spawn(move || {
            let mut feed = db.subscribe();
            let begin = db.snapshot();
            let mut seen = Vec::new();
            while begin.version().0 + (seen.len() as u64) < 3 {
                let Some(commit) = feed.next() else { break };
                if commit.version() > begin.version() {
                    seen.push(commit.version().0);
                }
            }
            let expected: Vec<u64> = (begin.version().0 + 1..=3).collect();
            assert_eq!(seen, expected);
            told.lock().expect("no thread panics").extend(seen);
        })
    };
    let writer = {
        let db = db.clone();
        thread::spawn(move || {
            for _ in 0..2 {
                db.transaction(|s| s.update::<Account>(1, |a| a.balance += 1)).expect("nobody else writes");
            }
        })
    };
    writer.join().expect("no thread panics");
    reader.join().expect("no thread panics");
    assert!(told.lock().expect("no thread panics").len() <= 2);
}

#[test]
fn a_feed_tells_each_commit_once_in_order() {
    check_random(feed, 3_000);
}

/// Restores, undo and commits beside each other: each is one version, and none is lost.
fn going_back() {
    let db = filled(Database::builder().history(10).build(), &[0, 0]);
    db.checkpoint("begin");
    let back = {
        let db = db.clone();
        thread::spawn(move || db.restore("begin").expect("it is there"))
    };
    let writer = {
        let db = db.clone();
        thread::spawn(move || {
            db.transaction(|s| s.update::<Account>(1, |a| a.balance += 1)).expect("retried");
            db.transaction(|s| s.update::<Account>(2, |a| a.balance += 1)).expect("retried");
        })
    };
    let restored = back.join().expect("no thread panics");
    writer.join().expect("no thread panics");
    assert_eq!(db.version(), Version(4));
    assert_eq!(balances(&db.as_of(restored).expect("it is kept")), [0, 0]);
    let expected: &[i64] = match restored.0 {
        2 => &[1, 1],
        3 => &[0, 1],
        _ => &[0, 0],
    };
    assert_eq!(balances(&db.snapshot()), expected);
}

#[test]
fn a_restore_is_one_step_beside_commits() {
    check_random(going_back, 3_000);
}

/// The direct path keeps others out until it ends.
fn exclusive() {
    let db = accounts(&[0]);
    let hot = {
        let db = db.clone();
        thread::spawn(move || {
            let Ok(mut hot) = db.try_exclusive() else { return 0 };
            hot.update::<Account>(1, |a| a.balance += 1).expect("it is there");
            thread::yield_now();
            hot.update::<Account>(1, |a| a.balance += 1).expect("it is there");
            2
        })
    };
    let other = {
        let db = db.clone();
        thread::spawn(move || {
            let seen = balances(&db.snapshot());
            assert!(seen == [0] || seen == [2], "half of the direct path: {seen:?}");
            let result = db.transaction(|s| s.update::<Account>(1, |a| a.balance += 10));
            match result {
                Ok(_) => 10,
                Err(error) => {
                    assert!(error.is_conflict() || matches!(error, memorm::Error::Busy { .. }), "{error}");
                    0
                }
            }
        })
    };
    let observer = {
        let db = db.clone();
        thread::spawn(move || db.checkpoint("seen"))
    };
    let sum = hot.join().expect("no thread panics") + other.join().expect("no thread panics");
    observer.join().expect("no thread panics");
    assert_eq!(balances(&db.snapshot()), [sum]);
}

#[test]
fn the_direct_path_is_alone() {
    check_random(exclusive, 3_000);
}

/// Two direct paths and what publishes by itself: each is a version, or was refused.
fn clear_beside_two_direct_paths() {
    let db = accounts(&[0]);
    let Version(before) = db.version();
    let path = || {
        let db = db.clone();
        thread::spawn(move || {
            let Ok(mut hot) = db.try_exclusive() else { return 0 };
            u64::from(hot.update::<Account>(1, |a| a.balance += 1).is_ok())
        })
    };
    let (one, other) = (path(), path());
    db.clear();
    let written = one.join().expect("no thread panics") + other.join().expect("no thread panics");
    assert_eq!(db.version(), Version(before + written + 1));
    assert!(balances(&db.snapshot()).is_empty(), "the clear is lost");
}

#[test]
fn a_clear_waits_for_the_direct_path_and_is_not_lost() {
    check_random(clear_beside_two_direct_paths, 3_000);
}

#[derive(Model, Clone)]
#[model(table = "named")]
struct First {
    #[model(primary_key)]
    id: u64,
}
#[derive(Model, Clone)]
#[model(table = "named")]
struct Second {
    #[model(primary_key)]
    id: u64,
}

#[test]
fn of_two_models_with_one_name_one_is_registered_in_all_schedules() {
    check_dfs(
        || {
            let db = Arc::new(Database::new());
            let other = {
                let db = db.clone();
                thread::spawn(move || db.register::<Second>().is_ok())
            };
            let first = db.register::<First>().is_ok();
            assert_ne!(first, other.join().expect("no thread panics"), "one of them has the name");
            assert_eq!(db.stats().tables.len(), 1);
        },
        None,
    );
}
