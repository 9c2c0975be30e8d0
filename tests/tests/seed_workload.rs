//! The model project's benchmark as a claim: each of its 1,000 statements finds the rows that it found there.
#[path = "../../examples/seed_bench/workload.rs"]
mod workload;

use memorm::prelude::*;
use workload::{Change, Item, LIMIT, Parsed, Workload};

fn filled(rows: Vec<Item>) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|session| session.add_all(rows.clone()))?;
    Ok(db)
}

#[test]
fn each_statement_finds_the_rows_that_it_must() -> Parsed<()> {
    let Workload { rows, all, limited, .. } = Workload::read()?;
    assert_eq!((rows.len(), all.len(), limited.len()), (20_000, 500, 500));
    let db = filled(rows)?;
    for question in all.iter().chain(&limited) {
        let statement = question.statement();
        let found = statement.all(&db)?;
        assert_eq!(found.len(), question.rows, "{question:?}");
        assert_eq!(statement.count(&db)?, question.rows, "{question:?}");
        assert!(found.is_sorted_by_key(|item| item.id), "rows come in the order of insertion: {question:?}");
        let first = statement.limit(LIMIT).all(&db)?;
        assert!(first.iter().eq(found.iter().take(LIMIT)), "a limit takes the first rows: {question:?}");
    }
    Ok(())
}

#[test]
fn each_write_reaches_its_row_and_the_statements_follow() -> Parsed<()> {
    let Workload { rows, all, updates, deletes, .. } = Workload::read()?;
    let db = filled(rows)?;
    let mut session = db.session();
    for Change { id, category, active } in &updates {
        let statement =
            update::<Item>().filter(Item::ID.eq(id)).set(Item::CATEGORY, category).set(Item::ACTIVE, active);
        assert_eq!(statement.exec(&mut session)?, 1, "update of {id}");
    }
    for id in &deletes {
        assert_eq!(delete::<Item>().filter(Item::ID.eq(id)).exec(&mut session)?, 1, "delete of {id}");
    }
    session.commit()?;
    db.assert_consistent();

    // a database that never saw the old values says the same, and so did the session that wrote them
    let afresh = filled(session.all(select::<Item>())?.iter().map(|item| Item::clone(item)).collect())?;
    for question in &all {
        let statement = question.statement();
        let found = statement.all(&db)?;
        assert_eq!(found, statement.all(&afresh)?, "{question:?}");
        assert_eq!(found, statement.all(&session)?, "{question:?}");
    }
    Ok(())
}
