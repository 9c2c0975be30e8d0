//! Databases and tables: what is shared, what is freed, when tables appear.
use crate::models::{Item, Product, items};
use memorm::prelude::*;
use std::sync::Weak;

#[test]
fn separate_databases_share_nothing() -> memorm::Result<()> {
    let (a, b) = (items(&["foo"])?, Database::new());
    assert_eq!((select::<Item>().count(&a)?, select::<Item>().count(&b)?), (1, 0));
    assert_eq!(b.transaction(|s| s.add(Item::new("bar")))?.id, 1);
    assert_eq!(a.snapshot().get_one::<Item>(1)?.name, "foo");
    Ok(())
}

fn weak_rows(db: &Database) -> memorm::Result<Vec<Weak<Item>>> {
    Ok(select::<Item>().all(db)?.iter().map(Arc::downgrade).collect())
}

#[test]
fn dropping_a_database_frees_its_rows() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let rows = weak_rows(&db)?;
    assert!(rows.iter().all(|row| row.strong_count() == 1), "nobody but the database holds them");
    drop(db);
    assert!(rows.iter().all(|row| row.strong_count() == 0));
    Ok(())
}

#[test]
fn clear_frees_all_rows_that_nobody_holds() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let rows = weak_rows(&db)?;
    let snapshot = db.snapshot();
    db.clear();
    assert!(select::<Item>().all(&db)?.is_empty());
    assert_eq!(select::<Item>().count(&snapshot)?, 2);
    drop(snapshot);
    assert!(rows.iter().all(|row| row.strong_count() == 0));
    assert_eq!(db.transaction(|s| s.add(Item::new("baz")))?.id, 3, "keys are not handed out again");
    Ok(())
}

#[test]
fn deleted_rows_are_freed() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let rows = weak_rows(&db)?;
    db.transaction(|s| delete::<Item>().exec(s))?;
    assert!(rows.iter().all(|row| row.strong_count() == 0));
    Ok(())
}

#[test]
fn tables_appear_on_first_use_or_when_registered() -> memorm::Result<()> {
    let db = Database::new();
    assert!(db.snapshot().table("items").is_err_and(|e| e.is_not_found()));
    assert!(select::<Item>().all(&db)?.is_empty(), "a table that is not there has no rows");
    db.transaction(|s| s.add(Item::new("foo")))?;
    assert_eq!(db.snapshot().table("items")?.rows().len(), 1);

    assert!(db.snapshot().table("products").is_err());
    db.register::<Product>()?;
    assert!(db.snapshot().table("products")?.rows().is_empty());
    Ok(())
}

#[test]
fn a_thousand_sessions_are_open_at_once() -> memorm::Result<()> {
    let db = Database::new();
    let mut sessions: Vec<Session> = (0..1000).map(|_| db.session()).collect();
    for session in &mut sessions {
        session.add(Item::new("foo"))?;
    }
    for session in &mut sessions {
        session.commit()?;
    }
    assert_eq!(select::<Item>().count(&db)?, 1000);
    Ok(())
}

#[test]
fn a_session_may_move_to_another_thread_and_a_snapshot_may_be_shared() -> memorm::Result<()> {
    fn moves<T: Send + 'static>(_: &T) {}
    fn is_shared<T: Sync>(_: &T) {}
    let db = items(&["foo"])?;
    let mut session = db.session();
    session.update::<Item>(1, |i| i.name = "here".into())?;
    moves(&session);
    let mut session = std::thread::spawn(move || {
        session.update::<Item>(1, |i| i.name.push_str(" and there")).map(|_| session)
    })
    .join()
    .expect("the thread does not panic")?;
    session.commit()?;

    let snapshot = db.snapshot();
    moves(&snapshot);
    is_shared(&snapshot);
    is_shared(&db);
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| snapshot.peek::<Item>(1).map(|i| i.name.clone()))).collect();
        for reader in readers {
            assert_eq!(reader.join().expect("no panic").as_deref(), Some("here and there"));
        }
    });
    Ok(())
}

#[test]
fn a_fork_is_independent_both_ways() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let fork = db.fork();
    fork.transaction(|s| s.update::<Item>(1, |i| i.name = "fork".into()))?;
    db.transaction(|s| s.add(Item::new("bar")))?;
    assert_eq!(select::<Item>().select(Item::NAME).all(&db)?, ["foo", "bar"]);
    assert_eq!(select::<Item>().select(Item::NAME).all(&fork)?, ["fork"]);
    assert_eq!(fork.transaction(|s| s.add(Item::new("baz")))?.id, 2, "counters part at the fork");
    Ok(())
}
