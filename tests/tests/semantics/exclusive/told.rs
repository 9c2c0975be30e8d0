//! What feeds, live results and the history see of an exclusive: one commit.
use super::*;

#[test]
fn feeds_and_live_results_see_an_exclusive_as_one_commit() -> memorm::Result<()> {
    let mut db = Database::new();
    db.transaction(|s| s.add(Cell { id: 1, value: 10, note: None, small: 0 }))?;
    let mut feed = db.subscribe();
    let live = db.live(select::<Cell>().select(Cell::VALUE));
    let mut hot = db.exclusive()?;
    hot.update::<Cell>(1, |row| row.value = 11)?;
    assert_eq!(live.rows(), [10], "nothing is published yet");
    hot.update::<Cell>(1, |row| row.value = 12)?;
    drop(hot);
    assert_eq!(live.rows(), [12]);
    let commit = feed.try_next().expect("one commit");
    let [Change::Updated { old, new, .. }] = &commit.of::<Cell>()[..] else { panic!("one update") };
    assert_eq!((old.value, new.value), (10, 12));
    assert!(feed.try_next().is_none());
    Ok(())
}

/// Changes a cell from 10 to 11 in an exclusive of a database that nobody else has.
fn change_alone(db: &mut Database) -> memorm::Result<()> {
    db.transaction(|s| s.add(Cell { id: 1, value: 10, note: None, small: 0 }))?;
    db.exclusive()?.update::<Cell>(1, |row| row.value = 11).map(drop)
}

#[test]
fn a_feed_is_told_what_an_exclusive_that_is_alone_has_replaced() -> memorm::Result<()> {
    let mut db = Database::new();
    let mut feed = db.subscribe();
    change_alone(&mut db)?;
    let commits: Vec<_> = std::iter::from_fn(|| feed.try_next()).collect();
    let [_, commit] = &commits[..] else { panic!("{commits:?}") };
    let [Change::Updated { old, new, .. }] = &commit.of::<Cell>()[..] else { panic!("one update") };
    assert_eq!((old.value, new.value), (10, 11));
    Ok(())
}

#[test]
fn an_exclusive_that_is_alone_can_be_undone() -> memorm::Result<()> {
    let mut db = Database::builder().history(1).build();
    change_alone(&mut db)?;
    db.undo()?;
    assert_eq!(select::<Cell>().select(Cell::VALUE).all(&db)?, [10]);
    Ok(())
}

#[test]
fn an_exclusive_that_writes_nothing_is_no_commit() -> memorm::Result<()> {
    let mut db = Database::builder().history(1).build();
    let mut feed = db.subscribe();
    drop(db.exclusive()?);
    assert!(feed.try_next().is_none());
    assert!(matches!(db.undo(), Err(Error::NothingToUndo)));
    Ok(())
}
