//! Commit order under many committing threads: none missing, none twice, none early.
use crate::models::{Item, item};
use memorm::prelude::*;
use std::thread;

const THREADS: u64 = 4;
const COMMITS: u64 = 250;

/// What a reader saw of one commit: its version, the version before, and the quantities that it gave to items.
#[derive(Clone, Debug)]
struct Seen {
    version: u64,
    before: u64,
    given: Vec<(u64, i64)>,
}

fn seen(commit: &CommitChanges) -> Seen {
    let given = commit.of::<Item>().into_iter().map(|change| match change {
        Change::Inserted(new) | Change::Updated { new, .. } => (new.id, new.qty),
        Change::Deleted(old) => (old.id, i64::MIN),
    });
    Seen { version: commit.version().0, before: commit.before().version().0, given: given.collect() }
}

/// Each thread raises its own item by one a commit, and one that all share. Read in order, every quantity is one more
/// than the last one told of its item.
fn check(history: &[Seen], start: u64) -> Result<(), String> {
    let mut quantities = vec![0; THREADS as usize + 1];
    for (version, commit) in (start..).zip(history) {
        if (commit.before, commit.version) != (version, version + 1) {
            return Err(format!("{commit:?} follows version {version}"));
        }
        for (id, qty) in &commit.given {
            let last = &mut quantities[*id as usize];
            if *qty != *last + 1 {
                return Err(format!("{commit:?}: item {id} had {last} before"));
            }
            *last = *qty;
        }
    }
    Ok(())
}

fn history() -> Vec<Seen> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..=THREADS).map(|id| item(id, 0)))).expect("new keys");
    let feed = db.subscribe();
    let reader = thread::spawn(move || feed.map(|commit| seen(&commit)).collect::<Vec<_>>());
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            let db = &db;
            scope.spawn(move || {
                for n in 0..COMMITS {
                    let raise = |s: &mut Session| {
                        s.update::<Item>(thread, |item| item.qty += 1)?;
                        if n % 10 == 0 {
                            s.update::<Item>(0, |item| item.qty += 1)?;
                        }
                        Ok(())
                    };
                    // the shared item makes conflicts: they are tried until they succeed
                    while db.transaction(raise).is_err() {}
                }
            });
        }
    });
    drop(db);
    reader.join().expect("the reader does not panic")
}

#[test]
fn commits_are_told_in_commit_order_each_once() {
    let history = history();
    assert_eq!(history.len() as u64, THREADS * COMMITS);
    assert_eq!(check(&history, 1), Ok(()));
}

#[test]
fn planted_faults_of_the_order_are_found() {
    let sound = history();
    let planted: [fn(&mut Vec<Seen>); 4] = [
        |history| history.swap(40, 41),
        |history| drop(history.remove(7)),
        |history| history.insert(9, history[8].clone()),
        |history| history[100].given[0].1 += 1,
    ];
    for plant in planted {
        let mut history = sound.clone();
        plant(&mut history);
        assert!(check(&history, 1).is_err());
    }
}
