//! Versions that somebody held: snapshots, forks, checkpoints, history.
use crate::gives_back;
use crate::models::{Item, ROWS, change, database, filled, item, move_entries};
use allocation_counter::measure;
use memorm::prelude::*;

#[test]
fn a_snapshot_held_across_ten_thousand_commits_keeps_one_version() {
    let db = database();
    let pinned = || {
        let snapshot = db.snapshot();
        let grown = measure(|| (0..10_000).for_each(|n| change(&db, 1 + n % 100))).bytes_current;
        assert!(grown < 60_000, "{grown} bytes more: the versions between are held");
        drop(snapshot);
    };
    gives_back(pinned);
}

#[test]
fn dropped_snapshots_of_each_version_leave_nothing() {
    let db = database();
    gives_back(|| {
        let take = |n| {
            change(&db, 1 + n % ROWS);
            db.snapshot()
        };
        let mut held: Vec<Snapshot> = (0..2_000).map(take).collect();
        // not in the order in which they were taken
        while !held.is_empty() {
            held.swap_remove(held.len() / 3);
        }
        db.stats();
    });
}

#[test]
fn dropped_forks_leave_nothing() {
    let db = database();
    gives_back(|| {
        let forks: Vec<Database> = (0..200).map(|_| db.fork()).collect();
        for (n, fork) in (1..).zip(&forks) {
            change(fork, n);
            fork.fork().clear();
            fork.transaction(|s| s.add_all((0..50).map(|n| item(30_001 + 10 * n))))
                .expect("the keys are free");
        }
    });
}

#[test]
fn a_fork_that_outlives_its_origin_keeps_what_it_sees() {
    gives_back(|| {
        let db = database();
        let fork = db.fork();
        drop(db);
        assert_eq!(select::<Item>().count(&fork).ok(), Some(ROWS as usize));
    });
}

#[test]
fn forgotten_checkpoints_leave_nothing() {
    let db = database();
    gives_back(|| {
        for n in 0..300 {
            change(&db, 1 + n);
            db.checkpoint(format!("after {n}"));
        }
        db.restore("after 7").expect("it is there");
        db.restore("after 299").expect("it is there");
        for (name, _) in db.checkpoints() {
            assert!(db.forget(&name));
        }
        db.stats();
    });
}

#[test]
fn a_checkpoint_that_is_replaced_is_let_go() {
    let db = database();
    gives_back(|| {
        for n in 0..2_000 {
            change(&db, 1 + n % ROWS);
            db.checkpoint("last");
        }
    });
}

#[test]
fn history_holds_so_many_versions_and_no_more() {
    let db = filled(Database::builder().history(50).build());
    gives_back(|| (0..3_000).for_each(|n| change(&db, 1 + n % ROWS)));
    let undone = || {
        for _ in 0..50 {
            db.undo().expect("50 are kept");
        }
        for n in 0..60 {
            change(&db, 1 + n);
        }
    };
    gives_back(undone);
}

#[test]
fn what_was_redone_is_let_go_by_the_next_commit() {
    let db = filled(Database::builder().history(3).build());
    gives_back(|| {
        for round in 0..200 {
            move_entries(&db, 1 + round % 10);
            db.undo().expect("it is kept");
            db.redo().expect("it is kept");
            db.undo().expect("it is kept");
        }
    });
}

#[test]
fn merges_leave_nothing_of_the_fork() {
    let db = database();
    gives_back(|| {
        let (base, fork) = (db.snapshot(), db.fork());
        fork.transaction(|s| s.add_all((0..2_000).map(|n| item(40_001 + 10 * n))))
            .expect("the keys are free");
        change(&db, 1);
        db.merge(&base, &fork.snapshot(), Resolve::Fail).expect("the rows differ");
        change(&fork, 1);
        change(&fork, 1);
        let refused = db.merge(&base, &fork.snapshot(), Resolve::Fail);
        assert!(refused.is_err(), "both changed a row");
        db.transaction(|s| delete::<Item>().filter(Item::ID.gt(40_000)).exec(s))
            .expect("nothing refers to them");
    });
}

#[test]
fn diffs_and_hashes_leave_nothing_but_the_hashes_of_subtrees() {
    let db = database();
    db.snapshot().state_hash();
    gives_back(|| {
        let before = db.snapshot();
        (1..200).for_each(|id| change(&db, id));
        let after = db.snapshot();
        assert_eq!(after.diff(&before).of::<Item>().len(), 199);
        assert_ne!(after.state_hash(), before.state_hash());
    });
}

#[test]
fn a_held_snapshot_is_found() {
    let db = database();
    let held = std::cell::RefCell::new(Vec::new());
    let left = crate::left_after(|| {
        held.borrow_mut().push(db.snapshot());
        (1..=ROWS).for_each(|id| change(&db, id));
    });
    assert!(left > 100_000, "only {left} bytes for {} rows that were replaced", ROWS);
}
