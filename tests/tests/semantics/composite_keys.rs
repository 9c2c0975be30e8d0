//! Keys: composite keys, and foreign keys of several columns.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "lines")]
struct Line {
    #[model(primary_key)]
    order_id: u32,
    #[model(primary_key)]
    number: String,
    qty: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "parcels", references(Line, by = (order_id, number)))]
struct Parcel {
    #[model(primary_key, auto)]
    id: u64,
    order_id: u32,
    number: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "notes", references(Line, by = (order_id, number), on_delete = cascade))]
struct Note {
    #[model(primary_key, auto)]
    id: u64,
    order_id: Option<u32>,
    number: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "bills", references(Line, by = (order_id, number), on_delete = set_null))]
struct Bill {
    #[model(primary_key, auto)]
    id: u64,
    order_id: Option<u32>,
    number: Option<String>,
}

fn line(order_id: u32, number: &str) -> Line {
    Line { order_id, number: number.into(), qty: 0 }
}

fn lines() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all([line(1, "a"), line(1, "b"), line(2, "a")]))?;
    Ok(db)
}

#[test]
fn both_parts_identify_the_row() -> memorm::Result<()> {
    let db = lines()?;
    let mut session = db.session();
    session.update::<Line>((1, "b"), |l| l.qty = 5)?;
    session.merge(Line { qty: 6, ..line(2, "a") })?;
    session.merge(line(2, "b"))?;
    session.upsert(Line { qty: 7, ..line(1, "a") }, |old, new| old.qty += new.qty)?;
    assert!(session.delete_by_key::<Line>((2, "b"))?);
    assert!(!session.delete_by_key::<Line>((3, "b"))?);
    session.commit()?;
    let rows = select::<Line>().select((Line::ORDER_ID, Line::NUMBER, Line::QTY)).all(&db)?;
    assert_eq!(rows, [(1, "a".to_owned(), 7), (1, "b".to_owned(), 5), (2, "a".to_owned(), 6)]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn the_same_pair_is_a_duplicate_and_one_equal_part_is_not() -> memorm::Result<()> {
    let mut session = lines()?.session();
    let error = session.add(line(1, "b")).expect_err("it is there");
    assert!(
        matches!(&error, Error::Duplicate { column, value, .. }
        if column == "(order_id, number)" && value == r#"(1, "b")"#),
        "{error}"
    );
    session.add(line(2, "b"))?;
    session.add(line(3, "a"))?;
    assert!(session.add(line(3, "a")).is_err());
    session.commit()?;
    Ok(())
}

#[test]
fn a_part_of_the_key_may_not_change() -> memorm::Result<()> {
    let mut session = lines()?.session();
    for result in [
        session.update::<Line>((1, "a"), |l| l.order_id = 9).map(drop),
        session.update::<Line>((1, "a"), |l| l.number.push('x')).map(drop),
        update::<Line>().set(Line::NUMBER, "z").exec(&mut session).map(drop),
    ] {
        assert!(matches!(result, Err(Error::KeyChanged { table: "lines", key }) if key == r#"(1, "a")"#));
    }
    Ok(())
}

#[test]
fn a_composite_foreign_key_must_exist_as_a_whole() -> memorm::Result<()> {
    let db = lines()?;
    let mut session = db.session();
    let parcel = |order_id, number: &str| Parcel { id: 0, order_id, number: number.into() };
    session.add(parcel(1, "a"))?;
    session.commit()?;
    session.add(parcel(2, "b"))?;
    let error = session.commit().expect_err("2 and b exist, but not together");
    assert_eq!(
        error.to_string(),
        r#"parcels.(order_id, number) of row 2 refers to lines (2, "b"), which does not exist"#
    );
    session.add(line(2, "b"))?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_composite_foreign_key_restricts() -> memorm::Result<()> {
    let db = lines()?;
    let mut session = db.session();
    session.add(Parcel { id: 0, order_id: 1, number: "a".into() })?;
    session.commit()?;
    session.delete_by_key::<Line>((1, "b"))?;
    session.commit()?;
    session.delete_by_key::<Line>((1, "a"))?;
    let error = session.commit().expect_err("a parcel refers to it");
    assert_eq!(
        error.to_string(),
        r#"cannot delete lines (1, "a"): parcels 1 still refers to it through (order_id, number)"#
    );
    session.delete_by_key::<Parcel>(1)?;
    session.commit()?;
    Ok(())
}

#[test]
fn a_composite_foreign_key_cascades_and_sets_none() -> memorm::Result<()> {
    let db = lines()?;
    let mut session = db.session();
    let keys = [
        (Some(1), Some("a")),
        (Some(1), Some("b")),
        (Some(1), None),
        (None, Some("a")),
        (Some(1), Some("a")),
    ];
    for (order_id, number) in keys {
        let number = number.map(str::to_owned);
        session.add(Note { id: 0, order_id, number: number.clone() })?;
        session.add(Bill { id: 0, order_id, number })?;
    }
    session.commit()?;
    session.delete_by_key::<Line>((1, "a"))?;
    assert_eq!(select::<Note>().select(Note::ID).all(&session)?, [2, 3, 4]);
    let bills = select::<Bill>().select((Bill::ORDER_ID, Bill::NUMBER)).all(&session)?;
    let expected = [(None, None), (Some(1), Some("b")), (Some(1), None), (None, Some("a")), (None, None)];
    assert_eq!(bills, expected.map(|(o, n)| (o, n.map(str::to_owned))));
    session.commit()?;
    db.assert_consistent();
    Ok(())
}
