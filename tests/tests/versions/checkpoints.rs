use crate::models::{Item, set_qty, shop, stock};
use memorm::Error;
use memorm::prelude::*;

#[test]
fn checkpoints_are_independent_of_each_other() -> memorm::Result<()> {
    let db = shop();
    let first = db.checkpoint("first");
    set_qty(&db, 1, 11);
    let second = db.checkpoint("second");
    set_qty(&db, 1, 12);
    db.restore("first")?;
    assert_eq!(stock(&db)[0], (1, 10));
    db.restore("second")?;
    assert_eq!(stock(&db)[0], (1, 11));
    assert_eq!(db.checkpoints(), [("first".to_owned(), first), ("second".to_owned(), second)]);
    assert!(db.forget("first") && !db.forget("first"));
    assert!(matches!(db.restore("first"), Err(Error::NoSuchCheckpoint { name }) if name == "first"));
    assert_eq!(db.at("second")?.get::<Item>(1).map(|item| item.qty), Some(11));
    Ok(())
}

#[test]
fn a_name_that_is_given_again_names_the_newest_version() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("here");
    set_qty(&db, 1, 11);
    let here = db.checkpoint("here");
    set_qty(&db, 1, 12);
    assert_eq!(db.checkpoints(), [("here".to_owned(), here)]);
    db.restore("here")?;
    assert_eq!(stock(&db)[0], (1, 11));
    Ok(())
}

#[test]
fn a_restore_publishes_a_new_version_with_the_old_counters() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    db.transaction(|s| s.add_all([1, 2, 3].map(|qty| Item::new(1, 1.0, qty))))?;
    let last = db.version();
    assert_eq!(db.restore("before")?, Version(last.0 + 1));
    let item = db.transaction(|s| s.add(Item::new(1, 1.0, 5)))?;
    assert_eq!(item.id, 4, "the key that came next then");
    db.assert_consistent();
    Ok(())
}

#[test]
fn an_open_session_conflicts_where_the_restored_row_differs() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    set_qty(&db, 1, 11);
    let (mut touched, mut other) = (db.session(), db.session());
    touched.update::<Item>(1, |item| item.qty += 1)?;
    other.update::<Item>(2, |item| item.qty += 1)?;
    db.restore("before")?;
    assert!(touched.commit().is_err_and(|e| e.is_conflict()));
    other.commit()?;
    assert_eq!(stock(&db), [(1, 10), (2, 21), (3, 30)]);
    Ok(())
}

#[test]
fn a_session_that_added_before_a_restore_commits_under_its_own_key() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    db.transaction(|s| s.add(Item::new(1, 1.0, 4)))?;
    let mut late = db.session();
    let mine = late.add(Item::new(1, 1.0, 5))?;
    db.restore("before")?;
    late.commit()?;
    assert_eq!(stock(&db).last(), Some(&(mine.id, 5)));
    let next = db.transaction(|s| s.add(Item::new(1, 1.0, 6)))?;
    assert!(next.id > mine.id);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_fork_of_a_fork_of_a_restored_state_is_its_own() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    set_qty(&db, 1, 11);
    db.restore("before")?;
    let fork = db.fork().fork();
    set_qty(&fork, 1, 99);
    assert_eq!((stock(&db)[0].1, stock(&fork)[0].1), (10, 99));
    assert!(fork.checkpoints().is_empty(), "a fork starts without checkpoints");
    Ok(())
}

#[test]
fn forks_work_in_their_own_threads() -> memorm::Result<()> {
    let db = shop();
    let sums: Vec<i64> = std::thread::scope(|scope| {
        let run = |n: i64| {
            let fork = db.fork();
            move || {
                set_qty(&fork, 1, n);
                stock(&fork).iter().map(|(_, qty)| qty).sum()
            }
        };
        let threads: Vec<_> = (0..4).map(|n| scope.spawn(run(n))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(sums, [50, 51, 52, 53]);
    assert_eq!(stock(&db)[0].1, 10);
    Ok(())
}
