//! `after` in statements by column name.
use super::models::{Item, Seat, ids, item, items};
use super::oracle::{By, order, row, stock};
use memorm::prelude::*;
use memorm::{Error, Result};
use proptest::collection::vec;
use proptest::prelude::*;

fn first_column(rows: Vec<Vec<Value>>) -> Vec<Value> {
    rows.into_iter().map(|mut row| row.swap_remove(0)).collect()
}

fn values(keys: &[i64]) -> Vec<Value> {
    keys.iter().copied().map(Value::from).collect()
}

const COLUMNS: [&str; 4] = ["price", "rank", "name", "weight"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_by_column_name_is_that_of_the_typed_statement(
        rows in vec(row(), 1..50),
        order_by in vec((0..4u8, any::<bool>()), 0..4),
        cheap in proptest::option::of(0..5i64),
        pick in any::<prop::sample::Index>(),
        limit in 0..8usize,
        offset in 0..3usize,
    ) {
        let items = stock(&rows);
        let db = Database::new();
        db.transaction(|s| s.add_all(items.iter().cloned()))?;
        let key = items[pick.index(items.len())].id;

        let terms: Vec<By> = order_by.iter().map(|(column, descending)| (*column, *descending, None)).collect();
        let mut typed = select::<Item>().order_by(order!(Item, terms)).after(key).limit(limit).offset(offset);
        let mut named = db.snapshot().table("items")?.after([key]).limit(limit).offset(offset);
        for (column, descending) in &order_by {
            let column = COLUMNS[usize::from(*column)];
            named = if *descending { named.order_by_desc(column) } else { named.order_by(column) };
        }
        if let Some(price) = cheap {
            typed = typed.filter(Item::PRICE.le(price));
            named = named.filter_by("price", Op::Le, price);
        }
        let page = ids(typed.all(&db)?);
        prop_assert_eq!(first_column(named.rows()?), values(&page));
        prop_assert_eq!(named.count()?, page.len());
    }
}

#[test]
fn a_page_by_column_name_begins_in_the_index() -> Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..10_000).map(|id| item(id, id / 4))))?;
    let table = db.snapshot().table("items")?;
    let explain = table.clone().order_by_desc("price").after([5_001]).limit(10).explain()?;
    assert_eq!((&*explain.access, explain.after.as_deref()), ("order of index items.price", Some("5001")));
    assert!(explain.rows_seen <= 20 && explain.rows == 10, "{explain}");
    assert_eq!(first_column(table.after([9_998]).rows()?), values(&[9_999]));
    Ok(())
}

#[test]
fn a_compound_key_is_a_value_for_each_of_its_columns() -> Result<()> {
    let db = Database::new();
    let seat = |row, place: &str, price| Seat { row, place: place.to_owned(), price };
    db.transaction(|s| s.add_all([seat(1, "a", 3), seat(1, "b", 1), seat(2, "a", 3)]))?;
    let by_price = db.snapshot().table("seats")?.order_by("price");
    let page = by_price.clone().after([Value::from(1), Value::from("b")]);
    assert_eq!(first_column(page.rows()?), values(&[1, 2]));
    let gone = by_price.after([Value::from(3), Value::from("a")]).rows().unwrap_err();
    assert!(gone.is_not_found());
    assert_eq!(gone.to_string(), r#"no row (3, "a") in seats"#);
    Ok(())
}

#[test]
fn too_few_or_too_many_values_are_no_key() -> Result<()> {
    let db = items(&[(1, 1)])?;
    db.transaction(|s| s.add(Seat { row: 1, place: "a".into(), price: 1 }))?;
    let says = |table: &str, key: &[i64]| -> Result<String> {
        let error = db.snapshot().table(table)?.after(key.iter().copied()).rows().unwrap_err();
        assert!(matches!(error, Error::InvalidKey { .. }), "{error}");
        Ok(error.to_string())
    };
    assert_eq!(says("items", &[])?, "() is no key of items: its primary key is id");
    assert_eq!(says("items", &[1, 2])?, "(1, 2) is no key of items: its primary key is id");
    assert_eq!(says("seats", &[1])?, "1 is no key of seats: its primary key is (row, place)");
    assert_eq!(says("seats", &[1, 2, 3])?, "(1, 2, 3) is no key of seats: its primary key is (row, place)");
    Ok(())
}

#[test]
fn a_value_that_a_column_of_the_key_cannot_hold_is_an_error_that_names_it() -> Result<()> {
    let db = items(&[(1, 1)])?;
    db.transaction(|s| s.add(Seat { row: 1, place: "a".into(), price: 1 }))?;
    let snapshot = db.snapshot();
    let text = snapshot.table("items")?.after(["seven"]).count().unwrap_err();
    assert_eq!(text.to_string(), r#"items.id cannot hold "seven": its type is i64"#);
    let nothing = snapshot.table("items")?.after([Value::Null]).rows().unwrap_err();
    assert!(matches!(nothing, Error::InvalidValue { table: "items", column: "id", .. }), "{nothing}");
    let second = snapshot.table("seats")?.after([1, 2]).explain().unwrap_err();
    assert_eq!(second.to_string(), "seats.place cannot hold 2: its type is String");
    // the first mistake is the statement's, and an `after` behind it does not mend it
    let first = snapshot.table("items")?.order_by("prise").after(["seven"]).after([1]).rows().unwrap_err();
    assert!(matches!(first, Error::NoSuchColumn { .. }), "{first}");
    Ok(())
}

#[test]
fn the_last_after_by_column_name_counts() -> Result<()> {
    let table = items(&[(1, 1), (2, 2), (3, 3)])?.snapshot().table("items")?;
    assert_eq!(first_column(table.after([1]).after([2]).rows()?), values(&[3]));
    Ok(())
}
