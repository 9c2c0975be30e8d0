//! Insert, update, get, merge, delete.
use crate::models::{Item, items};
use memorm::prelude::*;

fn names(session: &Session) -> memorm::Result<Vec<String>> {
    select::<Item>().order_by(Item::ID).select(Item::NAME).all(session)
}

#[test]
fn insert_counts_its_rows_and_numbers_them() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| {
        assert_eq!(insert::<Item>().set(Item::NAME, "foo").exec(s)?, 1);
        assert_eq!(insert::<Item>().rows([Item::new("bar"), Item::new("fba")]).exec(s)?, 2);
        Ok(())
    })?;
    let rows = select::<Item>().select((Item::ID, Item::NAME)).all(&db)?;
    assert_eq!(rows, [(1, "foo".to_owned()), (2, "bar".to_owned()), (3, "fba".to_owned())]);
    Ok(())
}

#[test]
fn insert_returning_gives_the_assigned_key_and_a_rollback_takes_the_row() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let statement = insert::<Item>().set(Item::NAME, "foo").returning((Item::ID, Item::NAME));
    let (id, name) = statement.one(&mut session)?;
    assert!(id > 0);
    assert_eq!(name, "foo");
    assert!(session.get::<Item>(id).is_some());
    session.rollback();
    assert!(session.get::<Item>(id).is_none());
    Ok(())
}

#[test]
fn a_changed_attribute_is_rolled_back_or_committed() -> memorm::Result<()> {
    let db = items(&["foo", "bar", "three"])?;
    let mut session = db.session();
    session.update::<Item>(2, |i| i.name = "bar-modified".into())?;
    session.rollback();
    assert_eq!(session.get_one::<Item>(2)?.name, "bar");

    session.update::<Item>(2, |i| i.name = "bar-modified".into())?;
    assert_eq!(db.snapshot().get_one::<Item>(2)?.name, "bar");
    session.commit()?;
    assert_eq!(session.get_one::<Item>(2)?.name, "bar-modified");
    assert_eq!(db.snapshot().get_one::<Item>(2)?.name, "bar-modified");
    Ok(())
}

#[test]
fn an_update_statement_counts_its_rows_and_is_rolled_back_or_committed() -> memorm::Result<()> {
    let db = items(&["foo", "bar", "three"])?;
    let mut session = db.session();
    let statement = update::<Item>().filter(Item::ID.ne(2)).set(Item::NAME, "hello");
    assert_eq!(statement.exec(&mut session)?, 2);
    assert_eq!(names(&session)?, ["hello", "bar", "hello"]);
    assert_eq!(names(&db.session())?, ["foo", "bar", "three"]);
    session.rollback();
    assert_eq!(names(&session)?, ["foo", "bar", "three"]);

    assert_eq!(statement.exec(&mut session)?, 2);
    session.commit()?;
    assert_eq!(names(&session)?, ["hello", "bar", "hello"]);
    assert_eq!(names(&db.session())?, ["hello", "bar", "hello"]);
    Ok(())
}

#[test]
fn get_finds_the_row_with_the_key_and_no_other() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let session = db.session();
    assert_eq!(session.get::<Item>(1).map(|i| i.id), Some(1));
    assert_eq!(session.get::<Item>(2).map(|i| i.id), Some(2));
    assert!(session.get::<Item>(3).is_none());
    assert!(session.get_one::<Item>(3).is_err_and(|e| e.is_not_found()));
    Ok(())
}

#[test]
fn a_filter_gives_all_a_scalar_or_the_one_row() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let session = db.session();
    let second = select::<Item>().filter(Item::ID.eq(2));
    let all = session.all(&second)?;
    assert_eq!((all.len(), all[0].id), (1, 2));
    assert_eq!(session.first(second.clone().select(Item::NAME))?.as_deref(), Some("bar"));
    assert_eq!(session.one(&second)?.id, 2);
    assert!(matches!(session.one(select::<Item>()), Err(memorm::Error::TooManyRows { table: "items" })));
    let third = select::<Item>().filter(Item::ID.eq(3));
    assert!(matches!(session.one(&third), Err(memorm::Error::NoRow { table: "items" })));
    assert!(third.one_or_none(&session)?.is_none());
    Ok(())
}

#[test]
fn limit_and_offset_take_a_part() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let ids = |query: Select<Item>| query.select(Item::ID).all(&db);
    assert_eq!(ids(select::<Item>().limit(1))?, [1]);
    assert_eq!(ids(select::<Item>().limit(1).offset(1))?, [2]);
    assert_eq!(ids(select::<Item>().offset(2))?, [0; 0]);
    assert_eq!(ids(select::<Item>().limit(0))?, [0; 0]);
    Ok(())
}

#[test]
fn two_order_bys_are_two_keys() -> memorm::Result<()> {
    let db = items(&["foo", "bar"])?;
    let query = select::<Item>().order_by(Item::ID.desc()).order_by(Item::NAME.desc());
    assert_eq!(query.select(Item::ID).all(&db)?, [2, 1]);
    let db = items(&["b", "a", "b", "a"])?;
    let query = select::<Item>().order_by(Item::NAME.desc()).order_by(Item::ID.desc());
    assert_eq!(query.select(Item::ID).all(&db)?, [3, 1, 4, 2]);
    Ok(())
}

#[test]
fn merge_replaces_the_row_with_the_key_until_rolled_back() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item { id: 1, name: "foo".into() })?;
    session.flush()?;
    session.commit()?;

    let detached = Item { id: 1, name: "foo-modified".into() };
    let mut session = db.session();
    session.merge(detached.clone())?;
    assert_eq!(session.get_one::<Item>(1)?.name, "foo-modified");
    session.rollback();
    assert_eq!(session.get_one::<Item>(1)?.name, "foo");

    session.merge(detached)?;
    session.commit()?;
    assert_eq!(session.get_one::<Item>(1)?.name, "foo-modified");
    assert_eq!(db.snapshot().get_one::<Item>(1)?.name, "foo-modified");
    Ok(())
}

#[test]
fn merge_adds_a_row_whose_key_is_not_there() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    db.transaction(|s| s.merge(Item { id: 7, name: "seven".into() }))?;
    assert_eq!(select::<Item>().select(Item::ID).all(&db)?, [1, 7]);
    assert_eq!(db.transaction(|s| s.merge(Item::new("eight")))?.id, 8);
    Ok(())
}

#[test]
fn a_delete_statement_counts_its_rows_which_others_see_until_commit() -> memorm::Result<()> {
    let db = items(&["foo", "bar", "three"])?;
    let mut session = db.session();
    assert_eq!(delete::<Item>().filter(Item::ID.lt(3)).exec(&mut session)?, 2);
    assert_eq!(select::<Item>().count(&session)?, 1);
    assert_eq!(select::<Item>().count(&db)?, 3);
    session.commit()?;
    let left = session.all(select::<Item>())?;
    assert_eq!((left.len(), left[0].id), (1, 3));
    Ok(())
}
