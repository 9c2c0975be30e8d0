//! Indexes are in step with rows that one unit of work changes several times, in indexed columns and in others.
use memorm::prelude::*;
use std::sync::{Arc, Weak};

#[derive(Model, Clone, Debug, PartialEq)]
struct Part {
    #[model(primary_key)]
    id: u64,
    #[model(unique)]
    code: String,
    #[model(index)]
    shelf: u32,
    qty: i64,
}

fn parts(count: u64) -> memorm::Result<Database> {
    let db = Database::new();
    let part = |id| Part { id, code: format!("P{id}"), shelf: (id % 7) as u32, qty: 0 };
    db.transaction(|s| s.add_all((1..=count).map(part)).map(drop))?;
    Ok(db)
}

/// What changes a part within the unit.
type Step = fn(&mut Session, u64) -> memorm::Result<()>;

fn count(s: &mut Session, id: u64) -> memorm::Result<()> {
    s.update::<Part>(id, |part| part.qty += 1).map(drop)
}

fn shelve(s: &mut Session, id: u64) -> memorm::Result<()> {
    s.update::<Part>(id, |part| part.shelf += 100).map(drop)
}

fn rename(s: &mut Session, id: u64) -> memorm::Result<()> {
    s.update::<Part>(id, |part| part.code = format!("Q{id}")).map(drop)
}

fn count_all(s: &mut Session, _: u64) -> memorm::Result<()> {
    update::<Part>().set(Part::QTY, Part::QTY + 1).exec(s).map(drop)
}

/// Does the steps to each of `count` parts in one unit and looks for them by the columns that changed.
fn check(count: u64, steps: [Step; 3]) -> memorm::Result<()> {
    let db = parts(count)?;
    let mut session = db.session();
    for step in steps {
        (1..=count).try_for_each(|id| step(&mut session, id))?;
    }
    let expected: Vec<Part> =
        (1..=count).filter_map(|id| session.get(id)).map(Arc::unwrap_or_clone).collect();
    session.commit()?;
    db.assert_consistent();
    for part in expected {
        assert_eq!(*select::<Part>().filter(Part::CODE.eq(&part.code)).one(&db)?, part);
        let on_shelf = select::<Part>().filter(Part::SHELF.eq(part.shelf)).all(&db)?;
        assert!(on_shelf.iter().any(|other| **other == part));
    }
    Ok(())
}

/// Few rows are found in a list and many in maps.
const COUNTS: [u64; 2] = [3, 60];

#[test]
fn an_index_follows_a_row_that_has_changed_in_another_column_before() -> memorm::Result<()> {
    COUNTS.into_iter().try_for_each(|count_of| check(count_of, [count, shelve, rename]))
}

#[test]
fn an_index_follows_a_row_that_changes_in_another_column_afterwards() -> memorm::Result<()> {
    COUNTS.into_iter().try_for_each(|count_of| check(count_of, [rename, shelve, count]))
}

#[test]
fn an_index_follows_a_row_that_a_statement_has_changed_before() -> memorm::Result<()> {
    COUNTS.into_iter().try_for_each(|count_of| check(count_of, [count_all, rename, shelve]))
}

#[test]
fn an_index_follows_a_row_back_to_a_savepoint() -> memorm::Result<()> {
    for count_of in COUNTS {
        let db = parts(count_of)?;
        let mut session = db.session();
        (1..=count_of).try_for_each(|id| count(&mut session, id))?;
        let before = session.savepoint();
        (1..=count_of).try_for_each(|id| rename(&mut session, id))?;
        session.rollback_to(&before)?;
        shelve(&mut session, 2)?;
        session.commit()?;
        db.assert_consistent();
        let found = select::<Part>().filter(Part::CODE.eq("P2")).one(&db)?;
        assert_eq!(*found, Part { id: 2, code: "P2".into(), shelf: 102, qty: 1 });
        assert_eq!(select::<Part>().filter(Part::CODE.eq("Q2")).count(&db)?, 0);
    }
    Ok(())
}

#[test]
fn a_unique_value_that_is_taken_within_a_large_unit_is_refused() -> memorm::Result<()> {
    let db = parts(60)?;
    let mut session = db.session();
    (1..=59).try_for_each(|id| count(&mut session, id))?;
    rename(&mut session, 7)?;
    let taken = session.update::<Part>(60, |part| part.code = "Q7".into());
    assert!(matches!(taken, Err(memorm::Error::Duplicate { .. })));
    session.update::<Part>(60, |part| part.code = "P7".into())?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_replaced_row_that_is_held_weakly_keeps_its_values() -> memorm::Result<()> {
    let db = parts(3)?;
    let mut session = db.session();
    let held: Weak<Part> = session.get::<Part>(1).as_ref().map_or_else(Weak::new, Arc::downgrade);
    for id in [1, 2, 3, 1, 2, 3] {
        count(&mut session, id)?;
        session.commit()?;
        assert!(held.upgrade().is_none_or(|part| (part.id, part.qty) == (1, 0)));
    }
    Ok(())
}

#[test]
fn a_replaced_row_belongs_to_its_holder_alone_and_keeps_its_values() -> memorm::Result<()> {
    let db = parts(3)?;
    let mut session = db.session();
    // in place, and beside a snapshot that holds the version before
    for has_snapshot in [false, true] {
        let held = session.get_one::<Part>(1)?;
        session.rollback();
        let snapshot = has_snapshot.then(|| db.snapshot());
        let before = held.qty;
        count(&mut session, 1)?;
        session.commit()?;
        drop(snapshot);
        assert_eq!(Arc::strong_count(&held), 1, "with a snapshot: {has_snapshot}");
        for id in [2, 3, 1] {
            count(&mut session, id)?;
            session.commit()?;
        }
        assert_eq!((held.id, held.qty), (1, before));
    }
    Ok(())
}

#[test]
fn a_commit_that_failed_keeps_no_row_that_the_head_has_let_go() -> memorm::Result<()> {
    let db = parts(2)?;
    let old = Arc::downgrade(&db.snapshot().get_one::<Part>(1)?);
    let (mut session, mut other) = (db.session(), db.session());
    let snapshot = db.snapshot(); // so that the commit is made beside the head
    count(&mut session, 1)?;
    count(&mut other, 1)?;
    count(&mut other, 2)?;
    other.commit()?;
    drop(other);
    drop(snapshot);
    assert!(session.commit().is_err_and(|error| error.is_conflict()));
    session.rollback();
    assert_eq!(old.strong_count(), 0);
    Ok(())
}
