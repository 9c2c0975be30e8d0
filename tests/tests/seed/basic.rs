//! Add, get, delete, roll back.
use crate::models::Item;
use memorm::prelude::*;

#[test]
fn an_added_row_is_seen_by_others_after_commit_and_gone_after_a_committed_delete() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item { id: 1, name: "foo".into() })?;
    assert!(select::<Item>().all(&db)?.is_empty());
    assert_eq!(session.all(select::<Item>())?.len(), 1);
    session.commit()?;

    let items = session.all(select::<Item>())?;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].id, items[0].name.as_str()), (1, "foo"));

    let item = session.get::<Item>(1).expect("just committed");
    assert!(session.delete(&item)?);
    assert_eq!(select::<Item>().count(&db)?, 1);
    session.commit()?;
    assert!(session.all(select::<Item>())?.is_empty());
    assert!(select::<Item>().all(&db)?.is_empty());
    Ok(())
}

#[test]
fn what_was_rolled_back_is_not_committed_later() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item { id: 1, name: "foo".into() })?;
    session.rollback();
    session.add(Item { id: 2, name: "bar".into() })?;
    session.commit()?;

    let items = session.all(select::<Item>())?;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].id, items[0].name.as_str()), (2, "bar"));
    Ok(())
}

#[test]
fn a_session_opened_inside_another_sees_what_that_one_has_committed() -> memorm::Result<()> {
    let db = Database::new();
    let mut outer = db.session();
    outer.add(Item { id: 1, name: "foo".into() })?;
    outer.commit()?;
    let inner = db.session();
    assert_eq!(inner.all(select::<Item>())?.len(), 1);
    Ok(())
}

#[test]
fn the_added_object_is_the_row() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let item = session.add(Item::new("foo"))?;
    assert!(Arc::ptr_eq(&session.all(select::<Item>())?[0], &item));
    session.commit()?;
    assert!(Arc::ptr_eq(&session.all(select::<Item>())?[0], &item));
    assert!(Arc::ptr_eq(&db.session().get_one::<Item>(item.id)?, &item));
    session.update::<Item>(item.id, |i| i.name.push('!'))?;
    assert!(!Arc::ptr_eq(&session.get_one::<Item>(item.id)?, &item));
    assert_eq!(item.name, "foo");
    Ok(())
}
