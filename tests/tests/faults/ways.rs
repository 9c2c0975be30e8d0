//! Which way a commit goes: its rows are written into the head, under the lock, or a version is made beside it and swapped in.
use memorm::fault::{Outcome, run};
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "counts")]
struct Count {
    #[model(primary_key)]
    id: u64,
    n: i64,
}

#[derive(Clone, Debug)]
struct Tag;

impl PartialEq for Tag {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Model, Clone, Debug)]
#[model(table = "tagged")]
struct Tagged {
    #[model(primary_key)]
    id: u64,
    #[model(opaque)]
    tag: Tag,
}

/// A reader waits for so many rows at the most,
const MOST: u64 = 16_384;
/// or for so many of an update statement.
const MOST_UPDATED: u64 = 131_072;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    InPlace,
    Swap,
}

fn commit(session: &mut Session) -> memorm::Result<Way> {
    match run(u64::MAX, || session.commit()) {
        Outcome::Failed(point) => panic!("no point fails, but {point} did"),
        Outcome::Done(committed, points) => {
            committed?;
            assert!(points.contains(&"published"), "{points:?}");
            Ok(if points.contains(&"swap") { Way::Swap } else { Way::InPlace })
        }
    }
}

fn counts(ids: std::ops::Range<u64>) -> impl Iterator<Item = Count> {
    ids.map(|id| Count { id, n: 0 })
}

fn filled(db: Database, rows: u64) -> memorm::Result<Database> {
    db.transaction(|s| s.add_all(counts(0..rows)).map(drop))?;
    db.transaction(|s| s.add(Tagged { id: 0, tag: Tag }).map(drop))?;
    Ok(db)
}

/// How a commit of one row goes, after the session has done something else.
fn one_row(db: &Database, other: impl FnOnce(&mut Session) -> memorm::Result<()>) -> memorm::Result<Way> {
    let mut session = db.session();
    session.update::<Count>(0, |count| count.n += 1)?;
    other(&mut session)?;
    commit(&mut session)
}

#[test]
fn few_rows_that_nobody_watches_are_written_in_place() -> memorm::Result<()> {
    let db = filled(Database::new(), 10)?;
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::InPlace);
    assert_eq!(one_row(&db, |s| s.delete_by_key::<Count>(1).map(drop))?, Way::InPlace);
    assert_eq!(one_row(&db, |s| s.add_all(counts(20..30)).map(drop))?, Way::InPlace);
    Ok(())
}

#[test]
fn a_commit_makes_the_next_version_either_way() -> memorm::Result<()> {
    let db = filled(Database::new(), 10)?;
    let mut held = Vec::new();
    for is_held in [false, false, true, true, false] {
        let Version(before) = db.version();
        if is_held {
            held.push(db.snapshot());
        }
        let mut session = db.session();
        session.update::<Count>(1, |count| count.n += 1)?;
        assert_eq!(session.commit()?, Version(before + 1));
        assert_eq!(db.version(), Version(before + 1));
    }
    let seen = |version: &Snapshot| version.get_one::<Count>(1).map(|count| count.n);
    assert_eq!(held.iter().map(seen).collect::<memorm::Result<Vec<_>>>()?, [2, 3]);
    Ok(())
}

#[test]
fn so_many_rows_are_written_in_place_and_one_more_beside_the_head() -> memorm::Result<()> {
    let db = filled(Database::new(), 1)?;
    let mut session = db.session();
    session.add_all(counts(1..MOST + 1))?;
    assert_eq!(commit(&mut session)?, Way::InPlace);
    session.add_all(counts(MOST + 1..2 * MOST + 2))?;
    assert_eq!(commit(&mut session)?, Way::Swap);
    Ok(())
}

#[test]
fn so_many_rows_of_an_update_statement_are_written_in_place_and_one_more_beside_the_head()
-> memorm::Result<()> {
    let db = filled(Database::new(), MOST_UPDATED + 1)?;
    let raise = update::<Count>().set(Count::N, Count::N + 1);
    let mut session = db.session();
    raise.clone().filter(Count::ID.gt(0)).exec(&mut session)?;
    assert_eq!(commit(&mut session)?, Way::InPlace);
    raise.exec(&mut session)?;
    assert_eq!(commit(&mut session)?, Way::Swap);
    Ok(())
}

#[test]
fn a_version_that_the_session_has_made_is_not_made_again_under_the_lock() -> memorm::Result<()> {
    let db = filled(Database::new(), 10)?;
    let walk = select::<Count>();
    assert_eq!(one_row(&db, |s| walk.iter(s).try_for_each(|count| count.map(drop)))?, Way::Swap);
    let look = |session: &mut Session| session.view().get_one::<Count>(0).map(drop);
    assert_eq!(one_row(&db, look)?, Way::Swap);
    Ok(())
}

#[test]
fn a_type_of_the_user_is_written_beside_the_head_and_so_is_the_first_row_of_a_table() -> memorm::Result<()> {
    let db = filled(Database::new(), 10)?;
    assert_eq!(one_row(&db, |s| s.add(Tagged { id: 1, tag: Tag }).map(drop))?, Way::Swap);
    let mut session = Database::new().session();
    session.add(Count { id: 0, n: 0 })?;
    assert_eq!(commit(&mut session)?, Way::Swap);
    Ok(())
}

#[test]
fn a_head_that_somebody_holds_or_watches_is_left_as_it_is() -> memorm::Result<()> {
    let db = filled(Database::new(), 10)?;
    let held = db.snapshot();
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::Swap);
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::InPlace, "{held:?} is an older version");
    let hook = db.on_commit(|_| Ok::<_, String>(()));
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::Swap);
    hook.remove();
    let feed = db.subscribe();
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::Swap);
    drop(feed);
    assert_eq!(one_row(&db, |_| Ok(()))?, Way::InPlace);
    let (feed, mut session) = (db.subscribe(), db.session());
    session.update::<Count>(0, |count| count.n += 1)?;
    drop(db);
    assert_eq!(commit(&mut session)?, Way::InPlace, "{feed:?} is told no more");
    let remembering = filled(Database::builder().history(1).build(), 10)?;
    assert_eq!(one_row(&remembering, |_| Ok(()))?, Way::Swap);
    Ok(())
}
