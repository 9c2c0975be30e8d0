//! Snapshot isolation, after Hermitage: each anomaly that it prevents, each that it lets pass, and commits that fail
//! or race.
use memorm::prelude::*;
use memorm_tests::{Dump, dump};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "test")]
struct Row {
    #[model(primary_key)]
    id: u32,
    #[model(index)]
    value: i64,
}

fn row(id: u32, value: i64) -> Row {
    Row { id, value }
}

/// Row 1 with 10, row 2 with 20.
fn two_rows() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all([row(1, 10), row(2, 20)]))?;
    Ok(db)
}

/// Two sessions that have begun: they read the same version.
fn two_sessions(db: &Database) -> (Session, Session) {
    let (one, two) = (db.session(), db.session());
    assert_eq!((get(&one, 1), get(&two, 1)), (10, 10));
    (one, two)
}

fn get(session: &Session, id: u32) -> i64 {
    session.get::<Row>(id).map_or(0, |row| row.value)
}

fn set(session: &mut Session, id: u32, value: i64) {
    session.update::<Row>(id, |row| row.value = value).expect("the row is there");
}

fn committed(db: &Database) -> Vec<(u32, i64)> {
    select::<Row>().select((Row::ID, Row::VALUE)).all(db).expect("nothing to compute")
}

fn is_conflict(result: memorm::Result<Version>) -> bool {
    result.is_err_and(|e| e.is_conflict())
}

#[test]
fn g0_write_cycles_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut two, 1, 12);
    set(&mut one, 2, 21);
    one.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    set(&mut two, 2, 22);
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    Ok(())
}

#[test]
fn g1a_aborted_reads_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 101);
    one.flush()?;
    assert_eq!(get(&two, 1), 10);
    assert_eq!(get(&db.session(), 1), 10);
    one.rollback();
    assert_eq!(get(&two, 1), 10);
    two.commit()?;
    Ok(())
}

#[test]
fn g1b_intermediate_reads_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, two) = two_sessions(&db);
    set(&mut one, 1, 101);
    one.flush()?;
    assert_eq!(get(&db.session(), 1), 10);
    set(&mut one, 1, 11);
    one.commit()?;
    assert_eq!(get(&two, 1), 10);
    assert_eq!(get(&db.session(), 1), 11);
    Ok(())
}

#[test]
fn g1c_circular_information_flow_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut two, 2, 22);
    assert_eq!((get(&one, 2), get(&two, 1)), (20, 10));
    one.commit()?;
    assert_eq!(get(&two, 1), 10);
    two.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 22)]);
    Ok(())
}

#[test]
fn otv_observed_transactions_do_not_vanish() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut one, 2, 19);
    set(&mut two, 1, 12);
    one.commit()?;
    let three = db.session();
    assert_eq!(get(&three, 1), 11);
    set(&mut two, 2, 18);
    assert_eq!(get(&three, 2), 19);
    assert!(is_conflict(two.commit()));
    assert_eq!((get(&three, 2), get(&three, 1)), (19, 11));
    Ok(())
}

#[test]
fn pmp_predicate_reads_see_no_later_rows() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    assert_eq!(select::<Row>().filter(Row::VALUE.eq(30)).count(&one)?, 0);
    two.add(row(3, 30))?;
    two.commit()?;
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&one)?, 0);
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&db)?, 1);
    Ok(())
}

#[test]
fn pmp_write_predicates_meet_no_later_values() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    assert_eq!(update::<Row>().set(Row::VALUE, Row::VALUE + 10).exec(&mut one)?, 2);
    assert_eq!(delete::<Row>().filter(Row::VALUE.eq(20)).exec(&mut two)?, 1);
    assert!(get(&two, 2) == 0 && get(&two, 1) == 10);
    one.commit()?;
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db), [(1, 20), (2, 30)]);
    Ok(())
}

#[test]
fn p4_lost_updates_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    let (a, b) = (get(&one, 1), get(&two, 1));
    set(&mut one, 1, a + 1);
    set(&mut two, 1, b + 1);
    one.commit()?;
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db)[0], (1, 11));
    Ok(())
}

#[test]
fn g_single_read_skew_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    set(&mut two, 1, 12);
    set(&mut two, 2, 18);
    two.commit()?;
    assert_eq!(get(&one, 2), 20);
    assert_eq!(select::<Row>().aggregate(Row::VALUE.sum(), &one)?, Some(30));
    Ok(())
}

#[test]
fn g_single_read_skew_by_predicate_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    assert_eq!(select::<Row>().filter((Row::VALUE % 5).eq(0)).count(&one)?, 2);
    update::<Row>().filter(Row::VALUE.eq(10)).set(Row::VALUE, 12).exec(&mut two)?;
    two.commit()?;
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&one)?, 0);
    Ok(())
}

#[test]
fn g_single_read_skew_with_a_write_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut two, 1, 12);
    set(&mut two, 2, 18);
    two.commit()?;
    assert_eq!(delete::<Row>().filter(Row::VALUE.eq(20)).exec(&mut one)?, 1);
    assert!(is_conflict(one.commit()));
    assert_eq!(committed(&db), [(1, 12), (2, 18)]);
    Ok(())
}

#[test]
fn g2_item_write_skew_passes() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    assert_eq!(get(&one, 1) + get(&one, 2), 30);
    assert_eq!(get(&two, 1) + get(&two, 2), 30);
    set(&mut one, 1, 11);
    set(&mut two, 2, 21);
    one.commit()?;
    two.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    Ok(())
}

#[test]
fn g2_anti_dependency_cycles_of_predicates_pass() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    let thirds = select::<Row>().filter((Row::VALUE % 3).eq(0));
    assert_eq!((thirds.count(&one)?, thirds.count(&two)?), (0, 0));
    one.add(row(3, 30))?;
    two.add(row(4, 42))?;
    one.commit()?;
    two.commit()?;
    assert_eq!(thirds.count(&db)?, 2);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "ledger")]
struct Entry {
    #[model(primary_key, auto)]
    id: u64,
    #[model(references(Row))]
    row_id: u32,
    #[model(unique, deferred)]
    number: u64,
}

fn everything(db: &Database) -> (Dump, Version) {
    (dump(&db.snapshot(), &["test", "ledger"]), db.version())
}

/// Work whose commit fails.
type Work = fn(&mut Session) -> memorm::Result<()>;

#[test]
fn a_failing_commit_leaves_everything_as_it_was() -> memorm::Result<()> {
    let entry = |row_id, number| Entry { id: 0, row_id, number };
    let failing: [(&str, Work); 6] = [
        ("conflict", |s| s.update::<Row>(1, |r| r.value = 0).map(drop)),
        ("dangling", |s| s.add(Entry { id: 0, row_id: 99, number: 99 }).map(drop)),
        ("restrict", |s| s.delete_by_key::<Row>(2).map(drop)),
        ("restrict by statement", |s| delete::<Row>().exec(s).map(drop)),
        ("deferred unique", |s| s.add(Entry { id: 0, row_id: 2, number: 1 }).map(drop)),
        ("key", |s| s.add(row(50, 0)).map(drop)),
    ];
    for (name, work) in failing {
        let db = two_rows()?;
        db.transaction(|s| s.add_all([entry(1, 1), entry(2, 2)]))?;
        let mut session = db.session();
        // work that would succeed surrounds the one that fails
        session.add_all((3..30).map(|id| row(id, 0)))?;
        session.add(entry(3, 3))?;
        session.update::<Entry>(2, |e| e.row_id = 5)?;
        session.update::<Entry>(2, |e| e.row_id = 2)?;
        work(&mut session)?;
        session.add(entry(4, 4))?;
        db.transaction(|s| s.update::<Row>(1, |r| r.value += 1).and_then(|_| s.add(row(50, 1))))?;
        let before = everything(&db);
        let held = db.snapshot();
        assert!(session.commit().is_err(), "{name}");
        assert!(session.commit().is_err(), "{name}, again");
        assert_eq!(everything(&db), before, "{name}");
        assert_eq!(held.version(), db.version(), "{name}");
        db.assert_consistent();
        session.rollback();
        session.add(entry(50, 50))?;
        session.commit()?;
        db.assert_consistent();
    }
    Ok(())
}

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

#[test]
fn no_update_is_lost_between_threads() -> memorm::Result<()> {
    let db = Database::builder().attempts(10_000).build();
    db.transaction(|s| s.add_all([row(1, 0), row(2, 0)]))?;
    thread::scope(|scope| {
        let count =
            || (0..200).try_for_each(|_| db.transaction(|s| s.update::<Row>(1, |r| r.value += 1)).map(drop));
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
    })?;
    assert_eq!(committed(&db), [(1, 800), (2, 0)]);
    Ok(())
}

#[test]
fn sessions_that_write_different_rows_all_commit_at_their_first_attempt() -> memorm::Result<()> {
    let db = Database::builder().attempts(1).build();
    db.transaction(|s| s.add_all((0..4).map(|id| row(id, 0))))?;
    thread::scope(|scope| {
        let db = &db;
        let count = |id: u32| {
            (0..200).try_for_each(|_| db.transaction(|s| s.update::<Row>(id, |r| r.value += 1)).map(drop))
        };
        let threads: Vec<_> = (0..4).map(|id| scope.spawn(move || count(id))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
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
    let db = Database::builder().attempts(10_000).build();
    let wins = thread::scope(|scope| {
        let db = &db;
        let claim = || {
            let is_mine = |n: &u32| match db.transaction(|s| s.add(Name { id: 0, name: n.to_string() })) {
                Ok(_) => true,
                Err(error) => {
                    assert!(error.is_violation(), "{error}");
                    false
                }
            };
            (0..200).filter(is_mine).count()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(claim)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).sum::<usize>()
    });
    assert_eq!((wins, select::<Name>().count(&db)?), (200, 200));
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_reference_never_dangles_between_threads() -> memorm::Result<()> {
    let db = Database::builder().attempts(10_000).build();
    db.transaction(|s| s.add(row(0, 0)))?;
    thread::scope(|scope| {
        let db = &db;
        let come_and_go = || -> memorm::Result<()> {
            for n in 0..150 {
                db.transaction(|s| s.add(row(1 + n % 3, 0)).map(drop)).or_else(allow_violation)?;
                db.transaction(|s| s.delete_by_key::<Row>(1 + n % 3).map(drop)).or_else(allow_violation)?;
            }
            Ok(())
        };
        let refer = || -> memorm::Result<()> {
            for n in 0..300 {
                let entry = Entry { id: 0, row_id: 1 + n % 3, number: u64::from(n) };
                match db.transaction(|s| s.add(entry.clone())) {
                    Ok(entry) if n % 2 == 0 => {
                        db.transaction(|s| s.delete_by_key::<Entry>(entry.id).map(drop))?
                    }
                    result => result.map(drop).or_else(allow_violation)?,
                }
            }
            Ok(())
        };
        let threads = [scope.spawn(come_and_go), scope.spawn(refer)];
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
    })?;
    db.assert_consistent();
    Ok(())
}

fn allow_violation(error: memorm::Error) -> memorm::Result<()> {
    if error.is_violation() { Ok(()) } else { Err(error) }
}
