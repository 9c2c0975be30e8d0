//! Reads of tables that begin or end under a serializable session, and of everything.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "tasks")]
struct Task {
    #[model(primary_key)]
    id: u32,
    #[model(unique, deferred)]
    rank: i64,
}

/// Where sessions write that are to be refused for what they have read, not for what they write.
#[derive(Model, Clone, Debug)]
#[model(table = "notes")]
struct Note {
    #[model(primary_key, auto)]
    id: u32,
}

fn serializable() -> Database {
    Database::builder().isolation(Isolation::Serializable).build()
}

fn is_refused(session: &mut Session) -> memorm::Result<bool> {
    session.add(Note { id: 0 })?;
    match session.commit() {
        Ok(_) => Ok(false),
        Err(error) if error.is_conflict() => Ok(true),
        Err(error) => Err(error),
    }
}

#[test]
fn the_first_row_of_a_table_is_a_phantom() -> memorm::Result<()> {
    let db = serializable();
    let mut session = db.session();
    assert_eq!(select::<Task>().filter(Task::RANK.gt(0)).count(&session)?, 0);
    db.transaction(|s| s.add(Task { id: 1, rank: 1 }))?;
    assert!(is_refused(&mut session)?);
    Ok(())
}

#[test]
fn the_last_row_of_a_table_is_missed() -> memorm::Result<()> {
    let db = serializable();
    db.transaction(|s| s.add(Task { id: 1, rank: 1 }))?;
    let mut session = db.session();
    assert_eq!(select::<Task>().filter(Task::RANK.gt(0)).count(&session)?, 1);
    db.transaction(|s| s.delete_by_key::<Task>(1))?;
    assert!(is_refused(&mut session)?);
    Ok(())
}

#[test]
fn a_row_whose_table_a_restore_takes_away_is_missed() -> memorm::Result<()> {
    let db = serializable();
    db.checkpoint("without tables");
    db.transaction(|s| s.add(Task { id: 1, rank: 1 }))?;
    let mut session = db.session();
    assert!(session.get::<Task>(1).is_some());
    db.restore("without tables")?;
    assert!(is_refused(&mut session)?);
    Ok(())
}

/// Which rule failed tells more of the database than was asked for.
#[test]
fn a_flush_that_failed_has_read_everything() -> memorm::Result<()> {
    let db = serializable();
    let mut session = db.session();
    session.add_all([Task { id: 8, rank: 8 }, Task { id: 9, rank: 8 }])?;
    assert!(session.flush().is_err());
    session.delete_by_key::<Task>(9)?;
    db.transaction(|s| s.add(Note { id: 100 }))?;
    assert!(is_refused(&mut session)?);
    Ok(())
}
