//! Merges of rows that are equal again, of unique values, and of what memorm itself writes.
use memorm::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Model, Clone, Debug)]
#[model(table = "tasks", constructor = new)]
struct Task {
    #[model(primary_key, auto)]
    id: u32,
    name: String,
    qty: i64,
    #[model(unique)]
    badge: Option<u32>,
    #[model(on_update = now)]
    at: u64,
}

/// A database whose clock goes on by one with each look, with one task; and its fork.
fn parted() -> memorm::Result<(Database, Snapshot, Database)> {
    let clock = AtomicU64::new(0);
    let db = Database::builder().clock(move || clock.fetch_add(1, Ordering::Relaxed)).build();
    db.transaction(|s| s.add(Task::new("base", 1)))?;
    let (base, fork) = (db.snapshot(), db.fork());
    Ok((db, base, fork))
}

fn task(id: u32, badge: Option<u32>) -> Task {
    Task { id, name: "new".to_owned(), qty: 0, badge, at: 99 }
}

fn change(db: &Database, change: impl Fn(&mut Task)) -> memorm::Result<Arc<Task>> {
    db.transaction(|s| s.update::<Task>(1, &change))
}

#[test]
fn a_row_that_is_as_it_was_again_is_deleted_without_a_conflict() -> memorm::Result<()> {
    let (db, base, fork) = parted()?;
    let at = base.get::<Task>(1).expect("it was added").at;
    change(&db, |task| task.qty = 2)?;
    change(&db, |task| (task.qty, task.at) = (1, at))?;
    fork.transaction(|s| s.delete_by_key::<Task>(1))?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(select::<Task>().count(&db)?, 0);
    Ok(())
}

#[test]
fn of_two_times_of_an_update_the_later_stays() -> memorm::Result<()> {
    for ours_is_later in [false, true] {
        let (db, base, fork) = parted()?;
        let ours = || change(&db, |task| task.qty = 2);
        let early = if ours_is_later { None } else { Some(ours()?) };
        let theirs = change(&fork, |task| task.name.push('!'))?;
        let ours = early.map_or_else(ours, Ok)?;
        db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
        assert_eq!(db.snapshot().get::<Task>(1).expect("it stays").at, ours.at.max(theirs.at));
    }
    Ok(())
}

#[test]
fn a_row_that_they_added_keeps_our_unique_values() -> memorm::Result<()> {
    for (badge, is_free) in [(Some(5), false), (Some(6), true), (None, true)] {
        let (db, base, fork) = parted()?;
        db.transaction(|s| s.add_all([task(7, Some(5)), task(8, None)]))?;
        fork.transaction(|s| s.add(task(9, badge)))?;
        let merged = db.merge(&base, &fork.snapshot(), Resolve::Fail);
        match merged {
            Ok(_) => assert!(is_free, "{badge:?}"),
            Err(error) => assert!(error.is_violation() && !is_free, "{badge:?}: {error}"),
        }
    }
    Ok(())
}

#[test]
fn equal_rows_under_one_key_need_no_fresh_key() -> memorm::Result<()> {
    let (db, base, fork) = parted()?;
    for db in [&db, &fork] {
        db.transaction(|s| s.add(task(2, None)))?;
    }
    assert!(db.merge(&base, &fork.snapshot(), Resolve::Rekey)?.rekeyed.is_empty());
    Ok(())
}

/// A document, its pages (keyed by it), and notes on pages, which may answer each other.
mod library {
    use memorm::prelude::*;

    #[derive(Model, Clone, Debug, PartialEq)]
    pub struct Doc {
        #[model(primary_key, auto)]
        pub id: u64,
        pub title: String,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    pub struct Page {
        #[model(primary_key, references(Doc, on_delete = cascade))]
        pub doc_id: u64,
        #[model(primary_key)]
        pub number: u32,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    #[model(references(Page, by = (doc, number), name = PAGE))]
    pub struct Note {
        #[model(primary_key, auto)]
        pub id: u64,
        pub doc: u64,
        pub number: u32,
        #[model(references(Note, name = ANSWERED))]
        pub answers: Option<u64>,
    }

    pub fn write(db: &Database, title: &str) -> memorm::Result<()> {
        db.transaction(|s| {
            // answers first: no order of rows is relied on
            let note = |id, number, answers| Note { id, doc: 1, number, answers };
            s.add_all([note(1, 2, Some(2)), note(2, 1, Some(3)), note(3, 2, None)])?;
            s.add_all([1, 2].map(|number| Page { doc_id: 1, number }))?;
            s.add(Doc { id: 1, title: title.to_owned() }).map(drop)
        })
    }
}

#[test]
fn keys_that_hold_a_fresh_key_follow_it_and_so_do_references_to_them() -> memorm::Result<()> {
    use library::{Doc, Note, Page};
    let db = Database::new();
    let (base, fork) = (db.snapshot(), db.fork());
    library::write(&db, "ours")?;
    library::write(&fork, "theirs")?;
    let merged = db.merge(&base, &fork.snapshot(), Resolve::Rekey)?;
    // equal notes refer to unequal documents: they are other notes
    let tables: Vec<_> = merged.rekeyed.iter().map(|rekeyed| rekeyed.table).collect();
    assert_eq!(tables, ["doc", "note", "note", "note"]);
    assert_eq!(select::<Doc>().order_by(Doc::ID).select(Doc::TITLE).all(&db)?, ["ours", "theirs"]);
    let pages = select::<Page>().order_by((Page::DOC_ID, Page::NUMBER)).select((Page::DOC_ID, Page::NUMBER));
    assert_eq!(pages.all(&db)?, [(1, 1), (1, 2), (2, 1), (2, 2)]);
    let theirs = select::<Note>().filter(Note::DOC.eq(2)).all(&db)?;
    assert_eq!(theirs.iter().map(|note| note.number).collect::<Vec<_>>(), [2, 1, 2]);
    let answers: Vec<_> = theirs.iter().map(|note| note.answers).collect();
    assert_eq!(answers, [Some(theirs[1].id), Some(theirs[2].id), None]);
    assert_eq!(select::<Note>().filter(Note::DOC.eq(1)).count(&db)?, 3);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_fork_of_the_merged_version_goes_on_behind_the_fresh_keys() -> memorm::Result<()> {
    let (db, base, fork) = parted()?;
    db.transaction(|s| s.add(task(2, Some(1))))?;
    fork.transaction(|s| s.add(task(2, Some(2))))?;
    assert_eq!(db.merge(&base, &fork.snapshot(), Resolve::Rekey)?.rekeyed.len(), 1);
    assert_eq!(db.fork().transaction(|s| s.add(task(0, None)))?.id, 4);
    Ok(())
}

#[test]
fn a_merge_that_finds_no_fresh_key_uses_none_up() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Small {
        #[model(primary_key, auto)]
        id: u8,
        name: String,
    }
    let db = Database::new();
    db.register::<Small>()?;
    let base = db.snapshot();
    let fork = db.fork();
    db.transaction(|s| s.add(Small { id: 1, name: "ours".to_owned() }))?;
    fork.transaction(|s| {
        s.add_all([Small { id: 1, name: "theirs".to_owned() }, Small { id: 255, name: "last".to_owned() }])
    })?;
    let refused = db.merge(&base, &fork.snapshot(), Resolve::Rekey).map(drop);
    assert!(matches!(refused, Err(memorm::Error::KeyExhausted { .. })), "{refused:?}");
    assert_eq!(db.transaction(|s| s.add(Small { id: 0, name: "next".to_owned() }))?.id, 2);
    Ok(())
}

#[test]
fn a_conflict_of_whole_rows_says_what_happened_to_them() -> memorm::Result<()> {
    let renamed = |db: &Database| change(db, |task| task.name.push('!')).map(drop);
    let deleted = |db: &Database| db.transaction(|s| s.delete_by_key::<Task>(1)).map(drop);
    let added = |db: &Database, badge| db.transaction(|s| s.add(task(7, badge))).map(drop);
    let refused = |db: &Database, base: &Snapshot, fork: &Database| {
        let merged = db.merge(base, &fork.snapshot(), Resolve::Fail);
        merged.map_or_else(|error| error.to_string(), |_| String::new())
    };
    let (db, base, fork) = parted()?;
    renamed(&db)?;
    deleted(&fork)?;
    assert_eq!(
        refused(&db, &base, &fork),
        "merge conflict on tasks 1: a row became a changed row here and no row there"
    );
    let (db, base, fork) = parted()?;
    deleted(&db)?;
    renamed(&fork)?;
    assert_eq!(
        refused(&db, &base, &fork),
        "merge conflict on tasks 1: a row became no row here and a changed row there"
    );
    let (db, base, fork) = parted()?;
    added(&db, None)?;
    added(&fork, Some(1))?;
    assert_eq!(
        refused(&db, &base, &fork),
        "merge conflict on tasks 7: no row became a row here and another row there"
    );
    Ok(())
}

#[test]
fn a_row_that_they_changed_keeps_our_unique_values() -> memorm::Result<()> {
    for (badge, is_free) in [(5, false), (6, true)] {
        let (db, base, fork) = parted()?;
        db.transaction(|s| s.add(task(7, Some(5))))?;
        change(&fork, |task| task.badge = Some(badge))?;
        match db.merge(&base, &fork.snapshot(), Resolve::Fail) {
            Ok(_) => assert!(is_free, "{badge}"),
            Err(error) => assert!(error.is_violation() && !is_free, "{badge}: {error}"),
        }
        db.assert_consistent();
    }
    Ok(())
}

#[test]
fn a_version_column_of_64_bits_is_one_more_than_the_greater() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Counted {
        #[model(primary_key)]
        id: u64,
        left: i64,
        right: i64,
        #[model(version)]
        version: u64,
    }
    let db = Database::new();
    db.transaction(|s| s.add(Counted { id: 1, left: 0, right: 0, version: 0 }))?;
    let (base, fork) = (db.snapshot(), db.fork());
    db.transaction(|s| s.update::<Counted>(1, |row| row.left = 1))?;
    for _ in 0..2 {
        fork.transaction(|s| s.update::<Counted>(1, |row| row.right += 1))?;
    }
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    let merged = db.snapshot().get_one::<Counted>(1)?;
    assert_eq!((merged.left, merged.right, merged.version), (1, 2, 4));
    Ok(())
}
