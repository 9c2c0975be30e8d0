//! Replaced rows are refilled by the next updates of the session, until it deletes.
use allocation_counter::measure;
use memorm::prelude::*;
use std::sync::Weak;

/// Characters of a text.
const LONG: usize = 20_000;
const ROWS: u64 = 50;

macro_rules! tables { ($($Table:ident)*) => { $(
    #[derive(Model, Clone, Debug)]
    struct $Table {
        #[model(primary_key)]
        id: u64,
        text: String,
    }

    impl $Table {
        fn all() -> impl Iterator<Item = Self> {
            (0..ROWS).map(|id| Self { id, text: "x".repeat(LONG) })
        }

        /// Changes rows, each in the memory that it has.
        fn change(session: &mut Session, ids: std::ops::Range<u64>) {
            for id in ids {
                session.update::<Self>(id, |row| row.text.replace_range(..1, "y")).expect("the row exists");
            }
            session.commit().expect("nobody else writes");
        }
    }
)* } }
tables! { Page Cover }

fn filled() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all(Page::all())?;
        s.add_all(Cover::all()).map(drop)
    })?;
    Ok(db)
}

/// Bytes that are asked for, of so many rows' texts.
fn texts(work: impl FnOnce()) -> u64 {
    measure(work).bytes_total / LONG as u64
}

#[test]
fn an_update_takes_the_memory_of_the_row_that_the_last_commit_replaced() -> memorm::Result<()> {
    let mut session = filled()?.session();
    assert_eq!(texts(|| Page::change(&mut session, 0..1)), 1, "there is no replaced row yet");
    for id in 1..10 {
        assert_eq!(texts(|| Page::change(&mut session, id..id + 1)), 0, "update {id}");
    }
    Ok(())
}

#[test]
fn each_table_has_replaced_rows_of_its_own() -> memorm::Result<()> {
    let mut session = filled()?.session();
    assert_eq!(texts(|| Page::change(&mut session, 0..5)), 5);
    assert_eq!(texts(|| Cover::change(&mut session, 0..5)), 5);
    for _ in 0..3 {
        assert_eq!(texts(|| Page::change(&mut session, 5..10)), 0);
        assert_eq!(texts(|| Cover::change(&mut session, 5..10)), 0);
    }
    Ok(())
}

#[test]
fn a_row_that_somebody_holds_is_not_refilled() -> memorm::Result<()> {
    let db = filled()?;
    let mut session = db.session();
    let held = db.snapshot().get_one::<Page>(0)?;
    Page::change(&mut session, 0..1);
    assert_eq!(texts(|| Page::change(&mut session, 1..2)), 1);
    assert_eq!(held.text, "x".repeat(LONG));
    Ok(())
}

#[test]
fn a_delete_gives_back_the_replaced_rows_of_its_table_and_of_no_other() -> memorm::Result<()> {
    let mut session = filled()?.session();
    Cover::change(&mut session, 0..1);
    let left = measure(|| {
        Page::change(&mut session, 0..ROWS);
        session.delete_by_key::<Page>(0).expect("nothing refers to it");
        session.commit().expect("nobody else writes");
    });
    assert!(left.bytes_current < 0, "{} bytes are kept", left.bytes_current);
    assert_eq!(texts(|| Cover::change(&mut session, 1..2)), 0);
    assert_eq!(texts(|| Page::change(&mut session, 1..2)), 1);
    Ok(())
}

#[test]
fn deleted_rows_are_given_back_themselves() -> memorm::Result<()> {
    let mut session = filled()?.session();
    let left = measure(|| {
        (0..ROWS).for_each(|id| assert!(session.delete_by_key::<Page>(id).is_ok_and(|was_there| was_there)));
        session.commit().expect("nobody else writes");
    });
    assert!(left.bytes_current < -((ROWS as i64 - 1) * LONG as i64), "{} bytes", left.bytes_current);
    Ok(())
}

#[derive(Clone, Debug, PartialEq)]
struct Guard(Arc<()>);

#[derive(Model, Clone, Debug)]
struct Guarded {
    #[model(primary_key)]
    id: u64,
    #[model(opaque)]
    guard: Guard,
}

#[test]
fn a_replaced_row_with_a_type_of_the_user_is_dropped_by_the_commit() -> memorm::Result<()> {
    let db = Database::new();
    let guard = Arc::new(());
    let seen: Weak<()> = Arc::downgrade(&guard);
    let mut session = db.session();
    session.add(Guarded { id: 1, guard: Guard(guard) })?;
    session.commit()?;
    session.update::<Guarded>(1, |row| row.guard = Guard(Arc::default()))?;
    assert!(seen.upgrade().is_some());
    session.commit()?;
    assert!(seen.upgrade().is_none());
    Ok(())
}
