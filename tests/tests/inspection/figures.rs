//! `db.stats()`.
use crate::models::{Item, Vendor};
use memorm::prelude::*;
use std::time::Duration;

fn shop() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        let vendor = s.add(Vendor::new("acme"))?;
        s.add_all((0..100).map(|n| Item::new(format!("sku {n}"), vendor.id, f64::from(n))))
    })?;
    Ok(db)
}

fn labels(db: &Database) -> Vec<(u64, Option<String>)> {
    db.stats().versions.into_iter().map(|held| (held.version.0, held.label)).collect()
}

#[test]
fn rows_and_bytes_are_told_for_each_table() -> memorm::Result<()> {
    let stats = shop()?.stats();
    let tables: Vec<_> = stats.tables.iter().map(|t| (t.name, t.rows)).collect();
    assert_eq!(tables, [("items", 100), ("vendors", 1)]);
    assert_eq!(stats.rows(), 101);
    assert_eq!(stats.bytes(), stats.tables[0].bytes() + stats.tables[1].bytes());
    assert!(stats.tables[0].row_bytes > 100 * size_of::<Item>());
    assert!(stats.tables[0].tree_bytes > 0 && stats.tables[0].index_bytes > 0);
    Ok(())
}

#[test]
fn commits_and_conflicts_are_counted() -> memorm::Result<()> {
    let db = shop()?;
    let (mut one, mut other) = (db.session(), db.session());
    one.update::<Item>(1, |item| item.price = 1.0)?;
    other.update::<Item>(1, |item| item.price = 2.0)?;
    one.commit()?;
    assert!(other.commit().is_err());
    other.rollback();
    other.commit()?; // nothing to publish
    let stats = db.stats();
    assert_eq!((stats.commits, stats.conflicts), (2, 1));
    let fork = db.fork();
    fork.clear();
    assert_eq!((fork.stats().commits, fork.stats().conflicts), (1, 0), "a fork counts its own");
    Ok(())
}

#[test]
fn a_held_version_is_listed_until_its_last_holder_lets_go() -> memorm::Result<()> {
    let db = shop()?;
    assert_eq!(labels(&db), [(1, None)]);
    let held = db.snapshot();
    db.clear();
    assert_eq!(labels(&db), [(1, None), (2, None)]);
    let clone = held.clone();
    drop(held);
    assert_eq!(labels(&db).len(), 2);
    drop(clone);
    assert_eq!(labels(&db), [(2, None)]);
    Ok(())
}

#[test]
fn the_version_of_an_open_session_is_listed() -> memorm::Result<()> {
    let db = shop()?;
    let reader = db.session();
    assert!(reader.get::<Item>(1).is_some());
    db.clear();
    assert_eq!(labels(&db).len(), 2);
    drop(reader);
    assert_eq!(labels(&db).len(), 1);
    Ok(())
}

#[test]
fn a_label_names_a_version_as_long_as_its_snapshot_lives() -> memorm::Result<()> {
    let db = shop()?;
    let (first, second) = (db.snapshot_labelled("report"), db.snapshot_labelled("audit"));
    assert_eq!(labels(&db), [(1, Some("audit".into())), (1, Some("report".into()))]);
    db.clear();
    let clone = second.clone();
    drop((first, second));
    assert_eq!(labels(&db), [(1, Some("audit".into())), (2, None)]);
    assert_eq!(select::<Item>().count(&clone)?, 100);
    drop(clone);
    assert_eq!(labels(&db), [(2, None)]);
    Ok(())
}

#[test]
fn the_age_of_a_held_version_grows() -> memorm::Result<()> {
    let db = shop()?;
    let _held = db.snapshot();
    db.clear();
    let age = |db: &Database| db.stats().versions[0].age;
    let before = age(&db);
    while age(&db) <= before {
        std::thread::yield_now();
    }
    assert_eq!(db.stats().versions[1].age, Duration::ZERO, "the newest is not held back by anybody");
    Ok(())
}
