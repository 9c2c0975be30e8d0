//! Statements that write: expressions, returning, upsert.
use crate::models::{Item, items};
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "stock", constructor = new)]
struct Stock {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    sku: String,
    qty: i64,
    reserved: i64,
    note: Option<String>,
}

fn stock() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all([Stock::new("a", 1, 10), Stock::new("b", 2, 20), Stock::new("c", 3, 30)]))?;
    Ok(db)
}

fn quantities(session: &Session) -> memorm::Result<Vec<(i64, i64)>> {
    select::<Stock>().select((Stock::QTY, Stock::RESERVED)).all(session)
}

#[test]
fn update_sets_expressions_over_other_columns() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let statement =
        update::<Stock>().filter(Stock::ID.ne(2)).set(Stock::QTY, Stock::QTY + Stock::RESERVED * 2);
    assert_eq!(statement.exec(&mut session)?, 2);
    assert_eq!(quantities(&session)?, [(21, 10), (2, 20), (63, 30)]);
    Ok(())
}

#[test]
fn update_sets_a_nullable_column_to_a_value_an_expression_or_none() -> memorm::Result<()> {
    let mut session = stock()?.session();
    update::<Stock>().set(Stock::NOTE, "seen").exec(&mut session)?;
    update::<Stock>().filter(Stock::ID.eq(2)).set(Stock::NOTE, Stock::SKU.upper()).exec(&mut session)?;
    update::<Stock>().filter(Stock::ID.eq(3)).set(Stock::NOTE, None::<String>).exec(&mut session)?;
    let notes = select::<Stock>().select(Stock::NOTE).all(&session)?;
    assert_eq!(notes, [Some("seen".to_owned()), Some("B".to_owned()), None]);
    Ok(())
}

#[test]
fn update_returning_gives_the_new_values() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let statement = update::<Stock>().filter(Stock::QTY.ge(2)).set(Stock::QTY, Stock::QTY * 10).returning((
        Stock::ID,
        Stock::QTY,
        Stock::QTY + 1,
    ));
    assert_eq!(statement.all(&mut session)?, [(2, 20, 21), (3, 30, 31)]);
    Ok(())
}

#[test]
fn delete_returning_gives_the_old_values() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let gone =
        delete::<Stock>().filter(Stock::QTY.lt(3)).returning((Stock::SKU, Stock::QTY)).all(&mut session)?;
    assert_eq!(gone, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
    assert_eq!(quantities(&session)?, [(3, 30)]);
    Ok(())
}

#[test]
fn insert_returning_gives_the_rows_in_their_order() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let mut session = db.session();
    let rows = [Item::new("a"), Item { id: 50, name: "b".into() }, Item::new("c")];
    let given = insert::<Item>().rows(rows).returning((Item::ID, Item::NAME.upper())).all(&mut session)?;
    assert_eq!(given, [(2, "A".to_owned()), (50, "B".to_owned()), (51, "C".to_owned())]);
    Ok(())
}

#[test]
fn an_insert_of_an_empty_list_adds_no_row() -> memorm::Result<()> {
    let db = stock()?;
    let mut session = db.session();
    let none = insert::<Stock>().rows(Vec::new());
    assert_eq!(none.exec(&mut session)?, 0);
    assert!(none.returning(Stock::ID).all(&mut session)?.is_empty());
    let described =
        insert::<Stock>().set(Stock::SKU, "d").set(Stock::QTY, 4).set(Stock::RESERVED, 0).rows([]);
    assert_eq!(described.exec(&mut session)?, 1);
    session.rollback();
    let version = db.version();
    insert::<Item>().rows([]).exec(&mut session)?;
    assert_eq!(session.commit()?, version);
    Ok(())
}

#[test]
fn what_returning_cannot_compute_undoes_the_write() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let before = quantities(&session)?;
    let statement = update::<Stock>().set(Stock::QTY, Stock::QTY - 3).returning(Stock::RESERVED / Stock::QTY);
    assert!(statement.all(&mut session).is_err());
    assert_eq!(quantities(&session)?, before);
    assert!(delete::<Stock>().returning(Stock::ID).one(&mut session).is_err(), "there are three");
    assert_eq!(quantities(&session)?, before);
    Ok(())
}

#[test]
fn apply_changes_rows_by_closure() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let changed = update::<Stock>().filter(Stock::QTY.gt(1)).apply(&mut session, |s| {
        std::mem::swap(&mut s.qty, &mut s.reserved);
    })?;
    assert_eq!(changed, 2);
    assert_eq!(quantities(&session)?, [(1, 10), (20, 2), (30, 3)]);
    Ok(())
}

#[test]
fn filter_with_chooses_the_rows_of_update_and_delete() -> memorm::Result<()> {
    let mut session = stock()?.session();
    update::<Stock>().filter_with(|s| s.sku != "b").set(Stock::QTY, 0).exec(&mut session)?;
    delete::<Stock>().filter_with(|s| s.reserved == 30).exec(&mut session)?;
    assert_eq!(quantities(&session)?, [(0, 10), (2, 20)]);
    Ok(())
}

#[test]
fn upsert_adds_or_changes() -> memorm::Result<()> {
    let mut session = stock()?.session();
    let add = |old: &mut Stock, new: Stock| old.qty += new.qty;
    let row = session.upsert(Stock { id: 2, ..Stock::new("b", 5, 0) }, add)?;
    assert_eq!((row.id, row.qty, row.reserved), (2, 7, 20));
    let row = session.upsert_on(Stock::SKU, Stock::new("c", 5, 0), add)?;
    assert_eq!((row.id, row.qty, row.reserved), (3, 8, 30));
    let row = session.upsert_on(Stock::SKU, Stock::new("d", 5, 0), add)?;
    assert_eq!((row.id, row.qty), (4, 5));
    assert_eq!(quantities(&session)?.len(), 4);
    Ok(())
}

#[test]
fn add_and_merge_take_an_arc_as_well() -> memorm::Result<()> {
    let db = items(&["foo"])?;
    let other = Database::new();
    let item = db.snapshot().get_one::<Item>(1)?;
    let mut session = other.session();
    session.add(item.clone())?;
    session.merge(item.clone())?;
    session.add_all([Arc::new(Item::new("bar"))])?;
    session.commit()?;
    assert_eq!(select::<Item>().select(Item::ID).all(&other)?, [1, 2]);
    Ok(())
}
