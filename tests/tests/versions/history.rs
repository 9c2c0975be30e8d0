use crate::models::{Item, set_qty, shop, stock};
use memorm::Error;
use memorm::prelude::*;

#[test]
fn undo_goes_back_step_by_step_and_redo_forward() -> memorm::Result<()> {
    let db = shop();
    for qty in [11, 12, 13] {
        set_qty(&db, 1, qty);
    }
    let now = |db: &Database| stock(db).first().map(|(_, qty)| *qty);
    for expected in [12, 11, 10] {
        db.undo()?;
        assert_eq!(now(&db), Some(expected));
    }
    for expected in [11, 12, 13] {
        db.redo()?;
        assert_eq!(now(&db), Some(expected));
    }
    assert!(matches!(db.redo(), Err(Error::NothingToRedo)));
    db.undo()?;
    db.undo()?;
    db.redo()?;
    assert_eq!(now(&db), Some(12));
    Ok(())
}

#[test]
fn a_commit_clears_what_could_be_redone() -> memorm::Result<()> {
    let db = shop();
    set_qty(&db, 1, 11);
    db.undo()?;
    set_qty(&db, 2, 21);
    assert!(matches!(db.redo(), Err(Error::NothingToRedo)));
    db.undo()?;
    assert_eq!(stock(&db), [(1, 10), (2, 20), (3, 30)]);
    Ok(())
}

#[test]
fn a_restore_is_undone_and_redone_as_a_commit_is() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    set_qty(&db, 1, 11);
    db.restore("before")?;
    db.undo()?;
    assert_eq!(stock(&db)[0], (1, 11));
    db.redo()?;
    assert_eq!(stock(&db)[0], (1, 10));
    Ok(())
}

#[test]
fn a_restore_leaves_nothing_to_redo() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    set_qty(&db, 1, 11);
    set_qty(&db, 1, 12);
    db.undo()?;
    db.undo()?;
    db.restore("before")?;
    assert!(matches!(db.redo(), Err(Error::NothingToRedo)));
    Ok(())
}

#[test]
fn every_version_within_the_history_can_be_looked_at() -> memorm::Result<()> {
    let db = Database::builder().history(3).build();
    #[derive(Model, Clone)]
    #[model(table = "ticks")]
    struct Tick {
        #[model(primary_key)]
        id: u64,
    }
    for id in 1..=10 {
        db.transaction(|s| s.add(Tick { id }))?;
    }
    for version in 7..=10 {
        assert_eq!(select::<Tick>().count(&db.as_of(Version(version))?)?, version as usize);
    }
    assert!(matches!(db.as_of(Version(6)), Err(Error::VersionNotKept { version: 6, oldest: 7, newest: 10 })));
    for _ in 0..3 {
        db.undo()?;
    }
    assert!(matches!(db.undo(), Err(Error::NothingToUndo)));
    Ok(())
}

#[test]
fn an_undo_restores_counters_and_conflicts_with_open_sessions() -> memorm::Result<()> {
    let db = shop();
    let added = db.transaction(|s| s.add(Item::new(1, 1.0, 4)))?;
    let mut open = db.session();
    open.update::<Item>(added.id, |item| item.qty = 5)?;
    db.undo()?;
    assert!(open.commit().is_err_and(|e| e.is_conflict()));
    assert_eq!(db.transaction(|s| s.add(Item::new(1, 1.0, 4)))?.id, added.id);
    Ok(())
}

#[test]
fn without_history_there_is_nothing_to_undo() -> memorm::Result<()> {
    let db = Database::new();
    db.register::<Item>()?;
    assert!(matches!(db.undo(), Err(Error::NothingToUndo)));
    Ok(())
}

#[test]
fn a_hundred_thousand_commits_keep_a_bounded_history_on_a_small_stack() {
    memorm_tests::on_small_stack(|| {
        let db = shop();
        for n in 0..100_000 {
            set_qty(&db, 1, n);
        }
        assert!(db.as_of(Version(db.version().0 - 100)).is_ok());
        assert!(db.as_of(Version(db.version().0 - 101)).is_err());
    });
}

#[test]
fn undo_is_told_to_feeds_as_a_commit() -> memorm::Result<()> {
    let db = shop();
    set_qty(&db, 1, 11);
    let mut feed = db.subscribe();
    db.undo()?;
    let commit = feed.try_next().expect("told");
    let [Change::Updated { new, .. }] = &commit.of::<Item>()[..] else { panic!("one update") };
    assert_eq!((new.qty, commit.version()), (10, db.version()));
    Ok(())
}
