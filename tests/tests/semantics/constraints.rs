//! Constraints: when they are checked.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "tracks")]
struct Track {
    #[model(primary_key)]
    id: u32,
    #[model(unique)]
    pos: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "later", unique(shelf, place, deferred))]
struct Later {
    #[model(primary_key)]
    id: u32,
    #[model(unique, deferred)]
    pos: i64,
    shelf: i64,
    place: i64,
}

fn later(id: u32, pos: i64) -> Later {
    Later { id, pos, shelf: i64::from(id), place: 0 }
}

fn tracks(positions: &[i64]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..).zip(positions).map(|(id, pos)| Track { id, pos: *pos })))?;
    Ok(db)
}

fn positions(session: &Session) -> memorm::Result<Vec<i64>> {
    select::<Track>().select(Track::POS).all(session)
}

#[test]
fn unique_is_checked_at_the_end_of_a_statement() -> memorm::Result<()> {
    let db = tracks(&[1, 2, 3, 4])?;
    let mut session = db.session();
    assert_eq!(update::<Track>().set(Track::POS, Track::POS + 1).exec(&mut session)?, 4);
    assert_eq!(update::<Track>().set(Track::POS, Track::POS - 2).exec(&mut session)?, 4);
    assert_eq!(update::<Track>().set(Track::POS, -Track::POS).exec(&mut session)?, 4);
    assert_eq!(positions(&session)?, [0, -1, -2, -3]);
    session.commit()?;
    let swapped = case().when(Track::ID.eq(1), -1i64).otherwise(0);
    update::<Track>().filter(Track::ID.le(2)).set(Track::POS, swapped).exec(&mut session)?;
    assert_eq!(update::<Track>().apply(&mut session, |t| t.pos = (t.pos + 4) % 4)?, 4);
    session.commit()?;
    assert_eq!(positions(&session)?, [3, 0, 2, 1]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_statement_that_ends_with_duplicates_is_refused() -> memorm::Result<()> {
    let db = tracks(&[1, 2, 3])?;
    let mut session = db.session();
    let some = update::<Track>().filter(Track::ID.le(2)).set(Track::POS, Track::POS + 1);
    assert!(matches!(some.exec(&mut session), Err(Error::Duplicate { table: "tracks", .. })));
    assert!(update::<Track>().set(Track::POS, Track::POS / 2).exec(&mut session).is_err());
    assert_eq!(positions(&session)?, [1, 2, 3]);
    Ok(())
}

#[test]
fn unique_is_checked_at_the_end_of_each_call() -> memorm::Result<()> {
    let db = tracks(&[1, 2])?;
    let mut session = db.session();
    let error = session.update::<Track>(1, |t| t.pos = 2).expect_err("2 is taken");
    assert_eq!(error.to_string(), "duplicate value for tracks.pos: 2 (already used by id 2)");
    assert!(session.merge(Track { id: 1, pos: 2 }).is_err());
    assert!(session.merge(Track { id: 3, pos: 2 }).is_err());
    assert!(session.add(Track { id: 3, pos: 1 }).is_err());
    session.update::<Track>(1, |t| t.pos = 9)?;
    session.update::<Track>(2, |t| t.pos = 1)?;
    session.update::<Track>(1, |t| t.pos = 2)?;
    session.commit()?;
    assert_eq!(positions(&session)?, [2, 1]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_number_that_is_its_own_rows_key_is_taken_within_a_large_unit_as_well() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add_all((1..=20).map(|id| Track { id, pos: id.into() }))?;
    let again = session.add(Track { id: 100, pos: 15 });
    assert!(matches!(again, Err(Error::Duplicate { .. })));
    Ok(())
}

#[test]
fn a_value_that_was_given_up_is_free_at_once() -> memorm::Result<()> {
    let db = tracks(&[1, 2])?;
    let mut session = db.session();
    session.delete_by_key::<Track>(1)?;
    session.add(Track { id: 3, pos: 1 })?;
    session.update::<Track>(2, |t| t.pos = 5)?;
    session.add(Track { id: 4, pos: 2 })?;
    session.commit()?;
    assert_eq!(positions(&session)?, [5, 1, 2]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn deferred_unique_is_checked_at_commit() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([later(1, 1), later(2, 2)])?;
    session.commit()?;
    session.update::<Later>(1, |l| l.pos = 2)?;
    assert_eq!(select::<Later>().filter(Later::POS.eq(2)).count(&session)?, 2, "for a moment");
    session.update::<Later>(2, |l| l.pos = 1)?;
    session.commit()?;

    session.add(later(3, 1))?;
    let error = session.commit().expect_err("1 is taken");
    assert_eq!(error.to_string(), "duplicate value for later.pos: 1 (already used by id 2)");
    assert!(error.is_violation());
    session.update::<Later>(2, |l| l.pos = 7)?;
    session.commit()?;
    assert_eq!(select::<Later>().select(Later::POS).all(&db)?, [2, 7, 1]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn deferred_unique_is_checked_at_flush() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([later(1, 1), later(2, 1)])?;
    assert!(matches!(session.flush(), Err(Error::Duplicate { table: "later", .. })));
    session.update::<Later>(2, |l| l.pos = 2)?;
    session.flush()?;
    Ok(())
}

#[test]
fn a_deferred_compound_unique_waits_as_well() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([later(1, 1), later(2, 2)])?;
    session.commit()?;
    session.update::<Later>(1, |l| l.shelf = 2)?;
    assert!(matches!(session.flush(), Err(Error::Duplicate { column, .. }) if column == "(shelf, place)"));
    session.update::<Later>(2, |l| l.place = 1)?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Owner {
    #[model(primary_key)]
    id: u32,
}

#[derive(Model, Clone, Debug)]
struct Pet {
    #[model(primary_key)]
    id: u32,
    #[model(references(Owner))]
    owner_id: u32,
    #[model(references(Pet, name = FRIEND))]
    friend_id: Option<u32>,
}

fn pet(id: u32, owner_id: u32) -> Pet {
    Pet { id, owner_id, friend_id: None }
}

#[test]
fn the_order_of_adds_does_not_matter() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Pet { friend_id: Some(2), ..pet(1, 1) })?;
    session.add(Pet { friend_id: Some(1), ..pet(2, 1) })?;
    session.add(Owner { id: 1 })?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn foreign_keys_are_checked_at_commit_and_at_flush() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(pet(1, 1))?;
    assert!(matches!(session.flush(), Err(Error::DanglingReference { table: "pet", target: "owner", .. })));
    assert!(matches!(session.commit(), Err(Error::DanglingReference { .. })));
    assert_eq!(select::<Pet>().count(&db)?, 0);
    assert_eq!(select::<Pet>().count(&session)?, 1, "the work is still there");
    session.add(Owner { id: 1 })?;
    session.flush()?;
    session.commit()?;

    session.update::<Pet>(1, |p| p.owner_id = 2)?;
    assert!(session.commit().is_err_and(|e| e.is_violation()));
    session.rollback();
    update::<Pet>().set(Pet::OWNER_ID, 3).exec(&mut session)?;
    assert!(session.commit().is_err());
    session.update::<Pet>(1, |p| p.owner_id = 1)?;
    session.commit()?;
    Ok(())
}

#[test]
fn a_row_may_refer_to_itself() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Owner { id: 1 })?;
    session.add(Pet { friend_id: Some(1), ..pet(1, 1) })?;
    session.commit()?;
    session.delete_by_key::<Pet>(1)?;
    session.commit()?;
    assert_eq!(select::<Pet>().count(&db)?, 0);
    Ok(())
}

#[test]
fn restrict_is_checked_at_commit_and_at_flush() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([Owner { id: 1 }, Owner { id: 2 }])?;
    session.add(pet(1, 1))?;
    session.commit()?;

    assert!(session.delete_by_key::<Owner>(1)?);
    assert!(session.get::<Owner>(1).is_none());
    assert!(matches!(session.flush(), Err(Error::StillReferenced { table: "owner", by: "pet", .. })));
    assert!(matches!(session.commit(), Err(Error::StillReferenced { .. })));
    assert_eq!(select::<Owner>().count(&db)?, 2);

    session.update::<Pet>(1, |p| p.owner_id = 2)?;
    session.commit()?;
    assert_eq!(select::<Owner>().select(Owner::ID).all(&db)?, [2]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn restrict_is_satisfied_by_what_else_the_session_does() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([Owner { id: 1 }, Owner { id: 2 }])?;
    session.add_all([pet(1, 1), pet(2, 2)])?;
    session.commit()?;
    session.delete_by_key::<Owner>(1)?;
    session.delete_by_key::<Pet>(1)?;
    session.delete_by_key::<Owner>(2)?;
    session.add(Owner { id: 2 })?;
    session.commit()?;
    assert_eq!(select::<Owner>().select(Owner::ID).all(&db)?, [2]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_new_row_that_is_deleted_again_leaves_its_reference_dangling() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Owner { id: 1 })?;
    session.add(pet(1, 1))?;
    session.delete_by_key::<Owner>(1)?;
    assert!(session.commit().is_err_and(|e| e.is_violation()));
    session.delete_by_key::<Pet>(1)?;
    session.commit()?;
    assert_eq!(select::<Pet>().count(&db)?, 0);
    Ok(())
}

#[derive(Model, Clone, Debug)]
#[model(check = even)]
struct Even {
    #[model(primary_key)]
    id: u32,
    n: i64,
    #[model(references(Owner, on_delete = set_null))]
    owner_id: Option<u32>,
}

fn even(row: &Even) -> Result<(), &'static str> {
    if row.n % 2 != 0 {
        return Err("odd");
    }
    if row.n == 4 && row.owner_id.is_none() {
        return Err("four needs an owner");
    }
    Ok(())
}

#[test]
fn check_runs_on_each_write() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let row = |id, n| Even { id, n, owner_id: None };
    fn odd<T>(result: memorm::Result<T>) -> bool {
        matches!(result, Err(Error::Check { table: "even", message, .. }) if message == "odd")
    }
    assert!(odd(session.add(row(1, 1))));
    assert!(odd(session.add_all([row(1, 2), row(2, 1)])));
    assert!(odd(insert::<Even>().rows([row(1, 1)]).exec(&mut session)));
    assert!(odd(insert::<Even>().set(Even::ID, 1).set(Even::N, 1).exec(&mut session)));
    assert!(odd(session.merge(row(1, 1))));
    assert!(odd(session.upsert(row(1, 1), |_, _| ())));
    session.add(row(1, 2))?;
    assert!(odd(session.update::<Even>(1, |e| e.n = 3)));
    assert!(odd(session.merge(row(1, 1))));
    assert!(odd(session.upsert(row(1, 2), |old, _| old.n = 3)));
    assert!(odd(update::<Even>().set(Even::N, Even::N + 1).exec(&mut session)));
    assert!(odd(update::<Even>().apply(&mut session, |e| e.n += 1)));
    assert_eq!(session.get_one::<Even>(1)?.n, 2);
    session.commit()?;
    Ok(())
}

#[test]
fn check_runs_on_rows_that_set_null_reaches() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all([Owner { id: 1 }, Owner { id: 2 }])?;
    let row = |id, n, owner| Even { id, n, owner_id: Some(owner) };
    session.add_all([row(1, 2, 1), row(2, 4, 1), row(3, 2, 2)])?;
    session.commit()?;
    let error = session.delete_by_key::<Owner>(1).expect_err("row 2 needs its owner");
    assert_eq!(error.to_string(), "check failed for even 2: four needs an owner");
    assert!(session.changes().is_empty(), "the delete is undone as a whole");
    assert!(session.delete_by_key::<Owner>(2)?);
    session.commit()?;
    assert_eq!(select::<Even>().select(Even::OWNER_ID).all(&db)?, [Some(1), Some(1), None]);
    Ok(())
}
