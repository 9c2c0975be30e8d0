//! Sessions: what is seen when, flush, rollback, transactions, savepoints.
use crate::models::{Item, items};
use memorm::prelude::*;
use memorm_tests::{dump, panics};

fn names(source: &Session) -> memorm::Result<Vec<String>> {
    select::<Item>().select(Item::NAME).all(source)
}

fn committed(db: &Database) -> memorm::Result<Vec<String>> {
    names(&db.session())
}

#[test]
fn adds_are_seen_by_the_own_session_at_once_and_by_others_after_commit() -> memorm::Result<()> {
    let db = Database::new();
    let (mut mine, other) = (db.session(), db.session());
    mine.add(Item::new("foo"))?;
    mine.add_all([Item::new("bar"), Item::new("baz")])?;
    assert_eq!(names(&mine)?, ["foo", "bar", "baz"]);
    assert_eq!(mine.get_one::<Item>(3)?.name, "baz");
    assert!(names(&other)?.is_empty());
    mine.commit()?;
    assert!(names(&other)?.is_empty(), "a session reads one version until it ends its work");
    assert_eq!(committed(&db)?, ["foo", "bar", "baz"]);
    Ok(())
}

#[test]
fn changes_stay_with_the_session_until_commit() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let held = db.snapshot().get_one::<Item>(1)?;
    let mut session = db.session();
    session.update::<Item>(1, |i| i.name = "bar".into())?;
    assert_eq!(names(&session)?, ["bar"]);
    assert_eq!(committed(&db)?, ["foo"]);
    session.commit()?;
    assert_eq!(committed(&db)?, ["bar"]);
    assert_eq!(held.name, "foo");
    Ok(())
}

#[test]
fn refresh_gives_the_present_version_of_an_old_object() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    let old = session.get_one::<Item>(1)?;
    assert!(session.refresh(&old).is_some_and(|new| Arc::ptr_eq(&new, &old)));
    session.update::<Item>(1, |i| i.name = "bar".into())?;
    assert_eq!(session.refresh(&old).map(|i| i.name.clone()).as_deref(), Some("bar"));
    session.delete(&old)?;
    assert!(session.refresh(&old).is_none());
    Ok(())
}

#[test]
fn a_failed_commit_leaves_database_and_session_as_they_were() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    session.add(Item { id: 5, name: "mine".into() })?;
    session.update::<Item>(1, |i| i.name = "mine".into())?;
    db.transaction(|s| s.add(Item { id: 5, name: "theirs".into() }))?;
    let before = dump(&db.snapshot(), &["items"]);

    assert!(session.commit().is_err_and(|e| e.is_conflict()));
    assert_eq!(dump(&db.snapshot(), &["items"]), before);
    assert_eq!(names(&session)?, ["mine", "mine"], "its writes are still there");
    assert!(session.commit().is_err_and(|e| e.is_conflict()));

    session.rollback();
    session.update::<Item>(5, |i| i.name.push_str(", then mine"))?;
    session.commit()?;
    assert_eq!(committed(&db)?, ["foo", "theirs, then mine"]);
    Ok(())
}

#[test]
fn flush_any_number_of_times_loses_nothing_and_publishes_nothing() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    for name in ["a", "b", "c"] {
        session.add(Item::new(name))?;
        session.flush()?;
        session.flush()?;
    }
    assert!(committed(&db)?.is_empty());
    session.commit()?;
    assert_eq!(committed(&db)?, ["a", "b", "c"]);
    Ok(())
}

#[test]
fn rollback_takes_back_the_own_work_alone() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let (mut one, mut two) = (db.session(), db.session());
    one.update::<Item>(1, |i| i.name = "one".into())?;
    two.update::<Item>(2, |i| i.name = "two".into())?;
    one.rollback();
    assert_eq!(names(&two)?, ["foo", "two"]);
    two.commit()?;
    assert_eq!(committed(&db)?, ["foo", "two"]);
    Ok(())
}

#[test]
fn rollback_after_several_changes_restores_the_first_values() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let mut session = db.session();
    for n in 0..3 {
        session.update::<Item>(1, |i| i.name = format!("{n}"))?;
    }
    update::<Item>().set(Item::NAME, "all").exec(&mut session)?;
    session.delete_by_key::<Item>(2)?;
    session.rollback();
    assert_eq!(names(&session)?, ["foo", "bar"]);
    Ok(())
}

#[test]
fn deleting_a_row_that_is_gone_is_false() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    let item = session.get_one::<Item>(1)?;
    assert!(session.delete(&item)?);
    assert!(!session.delete(&item)?);
    assert!(!session.delete(&*item)?);
    assert!(!session.delete_by_key::<Item>(1)?);
    assert!(!session.delete_by_key::<Item>(99)?);
    Ok(())
}

#[test]
fn delete_and_add_of_a_key_in_one_transaction_replaces_the_row() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    let old = session.get_one::<Item>(1)?;
    session.delete(&old)?;
    let new = session.add(Item { id: 1, name: "new".into() })?;
    session.commit()?;
    assert_eq!(committed(&db)?, ["new"]);
    assert!(Arc::ptr_eq(&db.snapshot().get_one::<Item>(1)?, &new));
    Ok(())
}

#[test]
fn a_transaction_commits_on_ok_and_reverts_on_err_and_panic() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(Item::new("kept")))?;
    let failed: memorm::Result<()> = db.transaction(|s| {
        s.add(Item::new("err"))?;
        Err(memorm::Error::other("changed my mind"))
    });
    assert_eq!(failed.map_err(|e| e.to_string()), Err("changed my mind".to_owned()));
    assert!(panics("oh", || {
        db.transaction(|s| -> memorm::Result<()> {
            s.add(Item::new("panic"))?;
            panic!("oh")
        })
    }));
    assert_eq!(committed(&db)?, ["kept"]);
    Ok(())
}

#[test]
fn nested_keeps_on_ok_and_undoes_just_its_own_work_on_err_and_panic() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item::new("before"))?;
    session.nested(|s| s.add(Item::new("nested")))?;
    let failed: memorm::Result<()> = session.nested(|s| {
        s.add(Item::new("err"))?;
        s.update::<Item>(1, |i| i.name = "err".into())?;
        Err(memorm::Error::other("no"))
    });
    assert!(failed.is_err());
    assert!(panics("oh", || {
        session.nested(|s| -> memorm::Result<()> {
            s.add(Item::new("panic"))?;
            panic!("oh")
        })
    }));
    session.add(Item::new("after"))?;
    session.commit()?;
    assert_eq!(committed(&db)?, ["before", "nested", "after"]);
    Ok(())
}

#[test]
fn a_savepoint_is_returned_to_any_number_of_times() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    session.add(Item::new("kept"))?;
    let savepoint = session.savepoint();
    for name in ["one", "two"] {
        session.update::<Item>(1, |i| i.name = name.into())?;
        session.add(Item::new(name))?;
        session.delete_by_key::<Item>(2)?;
        assert_eq!(names(&session)?, [name, name]);
        session.rollback_to(&savepoint)?;
        assert_eq!(names(&session)?, ["foo", "kept"]);
    }
    session.commit()?;
    assert_eq!(committed(&db)?, ["foo", "kept"]);
    Ok(())
}

#[test]
fn changes_lists_what_is_new_dirty_and_deleted() -> memorm::Result<()> {
    let db = items(&["foo", "bar", "baz"])?;
    let mut session = db.session();
    assert!(session.changes().is_empty());
    session.update::<Item>(1, |i| i.name = "dirty".into())?;
    session.delete_by_key::<Item>(2)?;
    session.add(Item::new("new"))?;
    session.delete_by_key::<Item>(3)?;
    session.add(Item { id: 3, name: "again".into() })?;
    let changes = session.changes();
    let names = |rows: Vec<Arc<Item>>| rows.iter().map(|i| i.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(changes.new()), ["new"]);
    assert_eq!(names(changes.dirty()), ["dirty", "again"]);
    assert_eq!(names(changes.deleted()), ["bar"]);
    session.commit()?;
    assert!(session.changes().is_empty());
    Ok(())
}

#[test]
fn a_view_is_frozen_while_the_session_goes_on() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let mut session = db.session();
    session.add(Item::new("own"))?;
    let view = session.view();
    for item in select::<Item>().iter(&view) {
        session.delete(item?)?;
    }
    assert!(names(&session)?.is_empty());
    assert_eq!(select::<Item>().count(&view)?, 3);
    Ok(())
}

#[test]
fn peek_borrows_what_get_shares() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    session.update::<Item>(1, |i| i.name = "bar".into())?;
    assert_eq!(session.peek::<Item>(1).map(|i| &*i.name), Some("bar"));
    assert_eq!(db.snapshot().peek::<Item>(1).map(|i| i.name.clone()).as_deref(), Some("foo"));
    assert!(session.peek::<Item>(2).is_none());
    Ok(())
}
