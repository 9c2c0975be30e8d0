//! The five phases of the workload, as memorm does them.
use super::workload::{Change, Item, LIMIT, Question};
use memorm::prelude::*;

/// Inserts all rows in one transaction.
///
/// # Errors
/// None for the rows of the workload.
pub fn insert_rows(db: &Database, rows: Vec<Item>) -> memorm::Result<Version> {
    let mut session = db.session();
    session.add_all(rows)?;
    session.commit()
}

/// Asks each statement for all its rows, and returns how many there are.
///
/// # Errors
/// None for the rows of the workload.
pub fn select_all(db: &Database, questions: &[Question]) -> memorm::Result<Vec<usize>> {
    let session = db.session();
    questions.iter().map(|question| Ok(question.statement().all(&session)?.len())).collect()
}

/// Asks each statement for its first rows.
///
/// # Errors
/// None for the rows of the workload.
pub fn select_some(db: &Database, questions: &[Question]) -> memorm::Result<Vec<usize>> {
    let session = db.session();
    questions.iter().map(|question| Ok(question.statement().limit(LIMIT).all(&session)?.len())).collect()
}

/// Updates rows, each by a statement that finds it by key, in one transaction.
///
/// # Errors
/// None for the rows of the workload.
pub fn update_rows(db: &Database, changes: &[Change]) -> memorm::Result<usize> {
    let mut session = db.session();
    let mut updated = 0;
    for change in changes {
        updated += update::<Item>()
            .filter(Item::ID.eq(change.id))
            .set(Item::CATEGORY, &change.category)
            .set(Item::ACTIVE, change.active)
            .exec(&mut session)?;
    }
    session.commit()?;
    Ok(updated)
}

/// Deletes rows likewise.
///
/// # Errors
/// None for the rows of the workload.
pub fn delete_rows(db: &Database, ids: &[u64]) -> memorm::Result<usize> {
    let mut session = db.session();
    let mut deleted = 0;
    for id in ids {
        deleted += delete::<Item>().filter(Item::ID.eq(id)).exec(&mut session)?;
    }
    session.commit()?;
    Ok(deleted)
}
