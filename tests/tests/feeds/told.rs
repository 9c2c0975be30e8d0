//! What a commit tells.
use crate::models::{Item, Tag, item, told};
use memorm::prelude::*;
use memorm::value::Value;

fn next(feed: &mut Feed) -> CommitChanges {
    feed.try_next().expect("a commit was published")
}

#[test]
fn inserts_updates_and_deletes_are_told_with_old_and_new_rows() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([item(1, 3), item(2, 4)]))?;
    let mut feed = db.subscribe();
    db.transaction(|s| {
        s.add(item(3, 5))?;
        s.update::<Item>(1, |item| (item.qty, item.note) = (9, Some("x".into())))?;
        s.delete_by_key::<Item>(2)
    })?;
    let commit = next(&mut feed);
    assert_eq!(told(&commit), ["~1 qty note", "-2", "+3"]);
    let Change::Updated { old, new, .. } = &commit.of::<Item>()[0] else { panic!("{commit:?}") };
    assert_eq!((old.qty, new.qty), (3, 9));
    assert_eq!(commit.version(), db.version());
    assert_eq!((commit.tables(), commit.is_empty()), (vec!["items"], false));
    assert!(commit.of::<Tag>().is_empty());
    Ok(())
}

#[test]
fn delete_and_add_of_a_key_show_one_updated() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([item(1, 3), item(2, 4)]))?;
    let mut feed = db.subscribe();
    db.transaction(|s| {
        s.delete_by_key::<Item>(1)?;
        s.add(item(1, 7))
    })?;
    assert_eq!(told(&next(&mut feed)), ["~1 qty"]);
    assert_eq!(select::<Item>().all(&db)?.last().unwrap().id, 1, "the row itself moves to the end");
    Ok(())
}

#[test]
fn changes_are_told_by_table_name_as_values() -> memorm::Result<()> {
    let db = Database::new();
    let mut feed = db.subscribe();
    db.transaction(|s| {
        s.add(Tag { name: "red".into() })?;
        s.add(item(1, 3))
    })?;
    let commit = next(&mut feed);
    assert_eq!(commit.tables(), ["items", "tags"]);
    let Change::Inserted(row) = &commit.of_table("items")[0] else { panic!("{commit:?}") };
    assert_eq!(**row, [Value::Wide(1), Value::Int(3), Value::Null]);
    assert!(commit.of_table("no such table").is_empty());
    Ok(())
}

#[test]
fn a_commit_gives_the_versions_before_and_after_it() -> memorm::Result<()> {
    let db = Database::new();
    let mut feed = db.subscribe();
    db.transaction(|s| s.add(item(1, 3)))?;
    db.transaction(|s| s.update::<Item>(1, |item| item.qty = 4))?;
    next(&mut feed);
    let commit = next(&mut feed);
    assert_eq!(commit.before().get_one::<Item>(1)?.qty, 3);
    assert_eq!(commit.snapshot().get_one::<Item>(1)?.qty, 4);
    Ok(())
}

#[test]
fn clear_and_register_show_up_as_commits() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([item(1, 3), item(2, 4)]))?;
    let mut feed = db.subscribe();
    db.clear();
    db.register::<Tag>()?;
    let cleared = next(&mut feed);
    assert_eq!((told(&cleared), cleared.version().0), (vec!["-1".to_owned(), "-2".to_owned()], 2));
    let registered = next(&mut feed);
    assert_eq!((registered.is_empty(), registered.version().0), (true, 3));
    Ok(())
}

#[test]
fn a_fork_has_commits_of_its_own() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(item(1, 3)))?;
    let fork = db.fork();
    let (mut ours, mut theirs) = (db.subscribe(), fork.subscribe());
    db.transaction(|s| s.add(item(2, 3)))?;
    fork.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(told(&next(&mut ours)), ["+2"]);
    assert_eq!(told(&next(&mut theirs)), ["-1"]);
    assert!(ours.try_next().is_none() && theirs.try_next().is_none());
    Ok(())
}

#[test]
fn a_refused_or_empty_commit_is_not_told() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(item(1, 3)))?;
    let mut feed = db.subscribe();
    let (mut one, mut other) = (db.session(), db.session());
    one.update::<Item>(1, |item| item.qty = 1)?;
    other.update::<Item>(1, |item| item.qty = 2)?;
    one.commit()?;
    assert!(other.commit().is_err());
    db.session().commit()?;
    assert_eq!(told(&next(&mut feed)), ["~1 qty"]);
    assert!(feed.try_next().is_none());
    Ok(())
}

#[test]
fn replaced_rows_live_as_long_as_the_event() -> memorm::Result<()> {
    let db = Database::new();
    let old = Arc::downgrade(&db.transaction(|s| s.add(item(1, 3)))?);
    let mut feed = db.subscribe();
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(old.strong_count(), 1, "in the event");
    drop(next(&mut feed));
    assert_eq!(old.strong_count(), 0);
    Ok(())
}

#[test]
fn a_commit_shows_its_version_its_tables_and_how_far_its_reader_lags() -> memorm::Result<()> {
    let db = Database::new();
    let mut feed = db.subscribe_with(1);
    for id in 1..=2 {
        db.transaction(|s| s.add(item(id, 0)))?;
    }
    let shown = format!("{:?}", next(&mut feed));
    assert_eq!(shown, r#"CommitChanges { version: Version(2), tables: ["items"], lagged: Some(Lagged(1)) }"#);
    Ok(())
}
