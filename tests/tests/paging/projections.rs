//! `after` behind a projection is `after` in front of it.
use super::models::{Item, Seat, Shelf, Stock, items};
use memorm::prelude::*;
use memorm::{Error, Result};

#[test]
fn a_page_of_a_projection_stands_behind_the_row_that_was_projected() -> Result<()> {
    let db = items(&[(1, 5), (2, 3), (3, 5), (4, 4)])?;
    let pairs = select::<Item>().order_by(Item::PRICE.desc()).select((Item::ID, Item::PRICE * 2));
    assert_eq!(pairs.after::<Item>(1).limit(2).all(&db)?, [(3, 10), (4, 8)]);
    Ok(())
}

#[test]
fn pages_of_a_projection_put_together_are_the_projection() -> Result<()> {
    let db = items(&[(1, 1), (2, 0), (3, 1), (4, 0), (5, 1), (6, 0), (7, 2)])?;
    let all = select::<Item>().order_by(Item::PRICE).select((Item::ID, Item::PRICE));
    let mut read = all.clone().limit(2).all(&db)?;
    while let Some((last, _)) = read.last().copied() {
        let page = all.clone().after::<Item>(last).limit(2).all(&db)?;
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!(read, all.all(&db)?);
    assert_eq!(read.len(), 7);
    Ok(())
}

#[test]
fn the_last_after_of_a_statement_counts() -> Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    assert_eq!(select::<Item>().after(2).select(Item::ID).after::<Item>(1).all(&db)?, [2, 3]);
    Ok(())
}

#[test]
fn the_rows_behind_are_those_that_are_numbered_and_told_apart() -> Result<()> {
    let db = items(&[(1, 7), (2, 8), (3, 7), (4, 7)])?;
    let numbered =
        select::<Item>().select((Item::ID, row_number().over(partition_by(()).order_by(Item::ID))));
    assert_eq!(numbered.after::<Item>(2).all(&db)?, [(3, 1), (4, 2)]);
    let prices = select::<Item>().select(Item::PRICE).distinct();
    assert_eq!(prices.all(&db)?, [7, 8]);
    assert_eq!(prices.after::<Item>(1).all(&db)?, [8, 7]);
    Ok(())
}

#[test]
fn a_compound_key_is_a_tuple() -> Result<()> {
    let db = Database::new();
    let seat = |row, place: &str, price| Seat { row, place: place.to_owned(), price };
    db.transaction(|s| s.add_all([seat(1, "a", 3), seat(1, "b", 1), seat(2, "a", 3)]))?;
    let prices = select::<Seat>().order_by(Seat::PRICE).select((Seat::ROW, Seat::PRICE));
    assert_eq!(prices.clone().after::<Seat>((1, "b")).all(&db)?, [(1, 3), (2, 3)]);
    let gone = prices.after::<Seat>((3, "a")).all(&db).unwrap_err();
    assert_eq!(gone.to_string(), r#"no row (3, "a") in seats"#);
    assert!(gone.is_not_found());
    Ok(())
}

fn shop() -> Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([Shelf { id: 1, place: 9 }, Shelf { id: 2, place: 8 }])?;
        s.add_all([(1, 1, 5), (2, 2, 3), (3, 1, 4)].map(|(id, shelf_id, qty)| Stock { id, shelf_id, qty }))
    })?;
    Ok(db)
}

#[test]
fn a_projected_join_is_paged_by_the_keys_of_its_first_table() -> Result<()> {
    let db = shop()?;
    let places = select::<Stock>().join(Stock::SHELF).order_by(Stock::QTY).select((Stock::ID, Shelf::PLACE));
    assert_eq!(places.clone().after::<Stock>(2).all(&db)?, [(3, 9), (1, 9)]);
    let second = places.after::<Shelf>(2).all(&db).unwrap_err();
    assert!(matches!(second, Error::NoPlace { table: "shelves", .. }), "{second}");
    Ok(())
}

#[test]
fn a_key_of_another_table_is_refused_wherever_the_statement_goes() -> Result<()> {
    let db = shop()?;
    let page = select::<Stock>().order_by(Stock::ID).select(Stock::ID).after::<Shelf>(1);
    let says = "no place for shelves 1 in rows of stock: `after` takes a key of stock, the first table";
    assert_eq!(page.all(&db).unwrap_err().to_string(), says);
    assert_eq!(page.count(&db).unwrap_err().to_string(), says);
    assert_eq!(page.explain(&db).unwrap_err().to_string(), says);
    assert_eq!(page.to_sql(Dialect::Sqlite).unwrap_err().to_string(), says);
    assert_eq!(db.live(page.clone()).try_rows().unwrap_err().to_string(), says);
    let within = select::<Stock>().filter(Stock::ID.in_(page));
    assert_eq!(within.all(&db).unwrap_err().to_string(), says);
    Ok(())
}

#[test]
fn a_set_of_whole_rows_is_paged_behind_its_projection_too() -> Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let few = select::<Item>().filter(Item::PRICE.lt(2)).union(select::<Item>().filter(Item::PRICE.gt(2)));
    assert_eq!(few.clone().select(Item::ID).after::<Item>(1).all(&db)?, [3]);
    assert!(few.select(Item::ID).after::<Item>(2).all(&db).unwrap_err().is_not_found());
    Ok(())
}

#[test]
fn combined_projections_are_rows_of_no_table() -> Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let prices = || select::<Item>().select(Item::PRICE);
    let says = "no place for items 1 in combined projections: `after` stands in front of them";
    for set in [
        prices().union(prices()),
        prices().union_all(prices()),
        prices().intersect(prices()),
        prices().except(prices()),
        prices().union_all(prices()).union(prices()).limit(1),
    ] {
        let page = set.after::<Item>(1);
        assert_eq!(page.all(&db).unwrap_err().to_string(), says);
        assert_eq!(page.to_sql(Dialect::Sqlite).unwrap_err().to_string(), says);
    }
    assert_eq!(prices().after::<Item>(2).union_all(prices().after::<Item>(1)).all(&db)?, [3, 2, 3]);
    Ok(())
}

#[test]
fn sql_and_explain_are_those_of_a_page_of_whole_rows() -> Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let by_price = select::<Item>().order_by((Item::PRICE, Item::ID));
    let behind = by_price.clone().select(Item::NAME).after::<Item>(2).limit(1);
    let in_front = by_price.after(2).select(Item::NAME).limit(1);
    let (a, b) = (behind.to_sql(Dialect::Postgres)?, in_front.to_sql(Dialect::Postgres)?);
    assert_eq!((a.text, a.parameters), (b.text, b.parameters));
    let (a, b) = (behind.explain(&db)?, in_front.explain(&db)?);
    assert_eq!(a.to_string(), b.to_string());
    assert_eq!(a.after.as_deref(), Some("2"));
    Ok(())
}
