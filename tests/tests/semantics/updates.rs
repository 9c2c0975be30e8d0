//! Statements that write: old values, rows chosen first, all or nothing, what is counted.
use crate::models::with_and_without_index;
use memorm::prelude::*;
use memorm_tests::dump;

with_and_without_index! {
    fn numbered(rows: u64) -> memorm::Result<Database> {
        let db = Database::new();
        db.transaction(|s| s.add_all((1..=rows).map(|id| Row { k: id as i64, n: Some(10), ..Row::new(id) })))?;
        Ok(db)
    }

    fn ks(session: &Session) -> memorm::Result<Vec<i64>> {
        select::<Row>().select(Row::K).all(session)
    }

    #[test]
    fn an_update_reads_old_values() -> memorm::Result<()> {
        let mut session = numbered(3)?.session();
        let swap = update::<Row>().set(Row::K, Row::N.coalesce(0)).set(Row::N, Row::K);
        assert_eq!(swap.exec(&mut session)?, 3);
        let rows = select::<Row>().select((Row::K, Row::N)).all(&session)?;
        assert_eq!(rows, [(10, Some(1)), (10, Some(2)), (10, Some(3))]);
        Ok(())
    }

    #[test]
    fn an_update_chooses_its_rows_before_it_writes_one() -> memorm::Result<()> {
        let mut session = numbered(500)?.session();
        // each row moves into the range of the condition, or out of it, or past rows still to come
        assert_eq!(update::<Row>().filter(Row::K.between(1, 30)).set(Row::K, Row::K + 1).exec(&mut session)?, 30);
        assert_eq!(ks(&session)?[..4], [2, 3, 4, 5]);
        assert_eq!(update::<Row>().filter(Row::K.gt(480)).set(Row::K, Row::K + 100).exec(&mut session)?, 20);
        assert_eq!(update::<Row>().filter(Row::K.gt(480)).set(Row::K, 0).exec(&mut session)?, 20);
        assert_eq!(select::<Row>().filter(Row::K.eq(0)).count(&session)?, 20);
        Ok(())
    }

    #[test]
    fn a_delete_chooses_its_rows_before_it_deletes_one() -> memorm::Result<()> {
        let mut session = numbered(500)?.session();
        assert_eq!(delete::<Row>().filter(Row::K.between(11, 40)).exec(&mut session)?, 30);
        assert_eq!(select::<Row>().count(&session)?, 470);
        assert_eq!(delete::<Row>().exec(&mut session)?, 470);
        assert_eq!(delete::<Row>().exec(&mut session)?, 0);
        Ok(())
    }

    #[test]
    fn an_update_that_cannot_compute_one_row_changes_none() -> memorm::Result<()> {
        let db = numbered(500)?;
        let mut session = db.session();
        session.update::<Row>(300, |r| r.k = 0)?;
        let before = dump(&session.view(), &[Row::table().name]);
        assert!(update::<Row>().set(Row::N, Row::K / Row::K).exec(&mut session).is_err());
        assert!(update::<Row>().filter((Row::K / Row::K).gt(0)).set(Row::N, 0).exec(&mut session).is_err());
        assert!(delete::<Row>().filter((Row::K / Row::K).gt(0)).exec(&mut session).is_err());
        assert_eq!(dump(&session.view(), &[Row::table().name]), before);
        session.commit()?;
        assert_eq!(dump(&db.snapshot(), &[Row::table().name]), before);
        db.assert_consistent();
        Ok(())
    }

    #[test]
    fn matched_rows_count_whether_they_change_or_not() -> memorm::Result<()> {
        let mut session = numbered(10)?.session();
        assert_eq!(update::<Row>().filter(Row::K.le(4)).set(Row::N, 10).exec(&mut session)?, 4);
        assert_eq!(update::<Row>().filter(Row::K.le(4)).apply(&mut session, |_| ())?, 4);
        assert_eq!(update::<Row>().filter(Row::K.gt(10)).set(Row::N, 1).exec(&mut session)?, 0);
        assert_eq!(update::<Row>().filter(Row::N.gt(10)).set(Row::N, 1).exec(&mut session)?, 0);
        assert_eq!(update::<Row>().set(Row::N, 1).exec(&mut session)?, 10);
        Ok(())
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(check = below_hundred)]
struct Place {
    #[model(primary_key)]
    id: u32,
    #[model(unique)]
    position: i64,
}

fn below_hundred(place: &Place) -> Result<(), String> {
    if place.position < 100 { Ok(()) } else { Err("too far".into()) }
}

fn places(positions: &[i64]) -> memorm::Result<Session> {
    let mut session = Database::new().session();
    session.add_all((1..).zip(positions).map(|(id, position)| Place { id, position: *position }))?;
    session.commit()?;
    Ok(session)
}

fn positions(session: &Session) -> memorm::Result<Vec<i64>> {
    select::<Place>().select(Place::POSITION).all(session)
}

#[test]
fn an_update_that_breaks_a_rule_in_one_row_changes_none() -> memorm::Result<()> {
    let mut session = places(&[1, 5, 99, 7])?;
    let by = |n: i64| update::<Place>().set(Place::POSITION, Place::POSITION + n);
    assert!(matches!(by(1).exec(&mut session), Err(memorm::Error::Check { .. })));
    assert!(matches!(
        by(4).filter(Place::ID.eq(1)).exec(&mut session),
        Err(memorm::Error::Duplicate { table: "place", .. })
    ));
    assert!(update::<Place>().set(Place::POSITION, 3).exec(&mut session).is_err_and(|e| e.is_violation()));
    assert!(update::<Place>().apply(&mut session, |p| p.position += 1).is_err());
    assert_eq!(positions(&session)?, [1, 5, 99, 7]);
    assert!(session.changes().is_empty());
    session.commit()?;
    assert_eq!(positions(&session)?, [1, 5, 99, 7]);
    Ok(())
}

#[test]
fn an_insert_that_breaks_a_rule_in_one_row_adds_none() -> memorm::Result<()> {
    let mut session = places(&[1, 2])?;
    let row = |id, position| Place { id, position };
    assert!(session.add_all([row(3, 3), row(4, 4), row(5, 1)]).is_err());
    assert!(session.add_all([row(3, 3), row(3, 4)]).is_err());
    assert!(insert::<Place>().rows([row(3, 3), row(4, 100)]).exec(&mut session).is_err());
    assert!(insert::<Place>().rows([row(3, 3), row(4, 3)]).exec(&mut session).is_err());
    assert!(insert::<Place>().rows([row(3, 3), row(4, 2)]).returning(Place::ID).all(&mut session).is_err());
    assert_eq!(positions(&session)?, [1, 2]);
    assert!(session.changes().is_empty());
    assert_eq!(insert::<Place>().rows([row(3, 3), row(4, 4)]).exec(&mut session)?, 2);
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Parent {
    #[model(primary_key)]
    id: u32,
}

#[derive(Model, Clone, Debug)]
struct Child {
    #[model(primary_key)]
    id: u32,
    #[model(references(Parent, on_delete = cascade))]
    parent_id: u32,
    #[model(references(Parent, name = FRIEND, on_delete = set_null))]
    friend_id: Option<u32>,
}

#[test]
fn cascades_are_not_counted() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add_all([Parent { id: 1 }, Parent { id: 2 }, Parent { id: 3 }])?;
    session.add_all((1..=9).map(|id| Child { id, parent_id: 1 + id % 3, friend_id: Some(1) }))?;
    session.commit()?;
    assert_eq!(delete::<Parent>().filter(Parent::ID.ne(3)).exec(&mut session)?, 2);
    let left = select::<Child>().select((Child::ID, Child::FRIEND_ID)).all(&session)?;
    assert_eq!(left, [(2, None), (5, None), (8, None)]);
    let gone = delete::<Parent>().returning(Parent::ID).all(&mut session)?;
    assert_eq!(gone, [3]);
    assert_eq!(select::<Child>().count(&session)?, 0);
    Ok(())
}
