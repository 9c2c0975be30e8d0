//! Sessions of several threads: nobody sees half a commit, no update is lost, no rule is broken.
use super::*;
use memorm_tests::dump;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What a reader may never see otherwise: the sum of all rows is 1,000, and as many entries as row 0 says.
fn is_whole(source: &Snapshot) -> memorm::Result<bool> {
    let sum = select::<Row>().filter(Row::ID.gt(0)).aggregate(Row::VALUE.sum(), source)?;
    let entries = select::<Entry>().count(source)? as i64;
    Ok(sum == Some(1_000) && source.peek::<Row>(0).map(|r| r.value) == Some(entries))
}

fn accounts() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add(row(0, 0))?;
        s.add_all((1..=10).map(|id| row(id, 100)))?;
        s.add(Entry { id: 0, row_id: 0, number: u64::MAX })?;
        s.update::<Row>(0, |r| r.value = 1)
    })?;
    Ok(db)
}

/// Takes from one row, gives to another and notes it.
fn transfer(session: &mut Session, n: u32) -> memorm::Result<()> {
    let (from, to) = (1 + n % 10, 1 + (n * 7 + 3) % 10);
    session.update::<Row>(from, |r| r.value -= 5)?;
    session.update::<Row>(to, |r| r.value += 5)?;
    session.add(Entry { id: 0, row_id: to, number: u64::from(n) })?;
    session.update::<Row>(0, |r| r.value += 1)?;
    Ok(())
}

#[test]
fn the_whole_commit_check_finds_half_a_commit() -> memorm::Result<()> {
    let db = accounts()?;
    assert!(is_whole(&db.snapshot())?);
    db.transaction(|s| s.update::<Row>(1, |r| r.value -= 5))?;
    assert!(!is_whole(&db.snapshot())?);
    let db = accounts()?;
    db.transaction(|s| s.add(Entry { id: 0, row_id: 1, number: 1 }))?;
    assert!(!is_whole(&db.snapshot())?);
    Ok(())
}

#[test]
fn a_reader_never_sees_half_a_commit() -> memorm::Result<()> {
    let db = accounts()?;
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let read = || -> memorm::Result<u64> {
            let mut seen = 0;
            let mut newest = Version(0);
            while !is_done.load(Ordering::Acquire) || seen == 0 {
                let snapshot = db.snapshot();
                assert!(is_whole(&snapshot)?, "half a commit in {}", snapshot.version());
                assert!(snapshot.version() >= newest, "time goes back");
                newest = snapshot.version();
                let view = db.session().view();
                assert!(is_whole(&view)?);
                seen += 1;
            }
            Ok(seen)
        };
        let readers: Vec<_> = (0..2).map(|_| scope.spawn(read)).collect();
        let write = || -> memorm::Result<()> {
            for n in 0..1_000 {
                db.transaction(|s| transfer(s, n))?;
            }
            Ok(())
        };
        let written = write();
        is_done.store(true, Ordering::Release);
        for reader in readers {
            assert!(reader.join().expect("the reader does not panic")? > 0);
        }
        written
    })?;
    assert!(is_whole(&db.snapshot())?);
    assert_eq!(select::<Entry>().count(&db)?, 1_001);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_held_snapshot_stays_what_it_was_while_others_commit() -> memorm::Result<()> {
    let db = accounts()?;
    let mut held = Vec::new();
    for n in 0..50 {
        let snapshot = db.snapshot();
        held.push((dump(&snapshot, &["test", "ledger"]), snapshot));
        db.transaction(|s| transfer(s, n))?;
    }
    for (before, snapshot) in held {
        assert_eq!(dump(&snapshot, &["test", "ledger"]), before);
        snapshot.assert_consistent();
    }
    Ok(())
}

/// Runs `work` in four threads that begin together.
fn in_four_threads<T: Send>(work: impl Fn(u32) -> memorm::Result<T> + Sync) -> memorm::Result<Vec<T>> {
    let start = Barrier::new(4);
    thread::scope(|scope| {
        let run = |id: u32| {
            start.wait();
            work(id)
        };
        let threads: Vec<_> = (0..4).map(|id| scope.spawn(move || run(id))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Reads the version of the session and lets others go first.
fn begin(session: &Session) {
    session.peek::<Row>(0);
    thread::yield_now();
}

#[test]
fn no_update_is_lost_between_threads() -> memorm::Result<()> {
    let db = Database::builder().attempts(100_000).build();
    db.transaction(|s| s.add_all([row(1, 0), row(2, 0)]))?;
    in_four_threads(|_| {
        (0..200).try_for_each(|_| {
            db.transaction(|s| {
                begin(s);
                s.update::<Row>(1, |r| r.value += 1).map(drop)
            })
        })
    })?;
    assert_eq!(committed(&db), [(1, 800), (2, 0)]);
    Ok(())
}

#[test]
fn sessions_that_write_different_rows_all_commit_at_their_first_attempt() -> memorm::Result<()> {
    let db = Database::builder().attempts(1).build();
    db.transaction(|s| s.add_all((0..4).map(|id| row(id, 0))))?;
    in_four_threads(|id| {
        (0..200).try_for_each(|_| {
            db.transaction(|s| {
                begin(s);
                s.update::<Row>(id, |r| r.value += 1).map(drop)
            })
        })
    })?;
    assert!(committed(&db).iter().all(|(_, value)| *value == 200));
    db.assert_consistent();
    Ok(())
}

#[test]
fn one_of_many_threads_gets_a_unique_value() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Name {
        #[model(primary_key, auto)]
        id: u64,
        #[model(unique)]
        name: String,
    }
    let db = Database::new();
    let round = Barrier::new(4);
    let ends = in_four_threads(|_| {
        let mut ends = Vec::new();
        for n in 0..200 {
            let mut session = db.session();
            session.peek::<Name>(0);
            // all four have read a version without the name
            round.wait();
            let added = session.add(Name { id: 0, name: n.to_string() });
            ends.push(added.and_then(|_| session.commit()));
            round.wait();
        }
        Ok(ends)
    })?;
    let (won, lost): (Vec<_>, Vec<_>) = ends.into_iter().flatten().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len(), select::<Name>().count(&db)?), (200, 600, 200));
    assert!(lost.into_iter().all(is_conflict));
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_reference_never_dangles_between_threads() -> memorm::Result<()> {
    let db = Database::builder().attempts(100_000).build();
    db.transaction(|s| s.add(row(0, 0)))?;
    in_four_threads(|thread| {
        for n in 0..150 {
            let id = 1 + n % 3;
            if thread % 2 == 0 {
                db.transaction(|s| {
                    begin(s);
                    s.merge(row(id, 0)).map(drop)
                })?;
                let deleted = db.transaction(|s| {
                    begin(s);
                    s.delete_by_key::<Row>(id).map(drop)
                });
                deleted.or_else(allow_violation)?;
            } else {
                let entry = Entry { id: 0, row_id: id, number: u64::from(thread * 1_000 + n) };
                let added = db.transaction(|s| {
                    begin(s);
                    s.add(entry.clone())
                });
                match added {
                    Ok(entry) => db.transaction(|s| s.delete_by_key::<Entry>(entry.id).map(drop))?,
                    Err(error) => allow_violation(error)?,
                }
            }
            db.assert_consistent();
        }
        Ok(())
    })?;
    Ok(())
}

fn allow_violation(error: memorm::Error) -> memorm::Result<()> {
    if error.is_violation() { Ok(()) } else { Err(error) }
}
