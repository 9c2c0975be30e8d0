//! Snapshot isolation: the anomalies that it prevents and lets pass, commits that fail, and commits that race.
mod failing_commits;
mod hermitage;
mod threads;

use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "test")]
struct Row {
    #[model(primary_key)]
    id: u32,
    #[model(index)]
    value: i64,
}

fn row(id: u32, value: i64) -> Row {
    Row { id, value }
}

/// Row 1 with 10, row 2 with 20.
fn two_rows() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all([row(1, 10), row(2, 20)]))?;
    Ok(db)
}

/// Two sessions that have begun: they read the same version.
fn two_sessions(db: &Database) -> (Session, Session) {
    let (one, two) = (db.session(), db.session());
    assert_eq!((get(&one, 1), get(&two, 1)), (10, 10));
    (one, two)
}

fn get(session: &Session, id: u32) -> i64 {
    session.get::<Row>(id).map_or(0, |row| row.value)
}

fn set(session: &mut Session, id: u32, value: i64) {
    session.update::<Row>(id, |row| row.value = value).expect("the row is there");
}

fn committed(db: &Database) -> Vec<(u32, i64)> {
    select::<Row>().select((Row::ID, Row::VALUE)).all(db).expect("nothing to compute")
}

fn is_conflict(result: memorm::Result<Version>) -> bool {
    result.is_err_and(|e| e.is_conflict())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "ledger")]
struct Entry {
    #[model(primary_key, auto)]
    id: u64,
    #[model(references(Row))]
    row_id: u32,
    #[model(unique, deferred)]
    number: u64,
}
