//! Keys that are gone, joins, groups, live results, sessions.
use super::models::{Item, Seat, Shelf, Stock, ids, item, items};
use memorm::Error;
use memorm::prelude::*;

#[test]
fn a_key_without_a_row_is_an_error_that_names_it() -> memorm::Result<()> {
    let db = items(&[(1, 5), (2, 3)])?;
    let page = select::<Item>().order_by(Item::PRICE).after(7).limit(2);
    let error = page.all(&db).unwrap_err();
    assert!(matches!(error, Error::NotFound { table: "items", .. }), "{error}");
    assert_eq!(error.to_string(), "no row 7 in items");
    assert_eq!(page.count(&Database::new()).unwrap_err().to_string(), "no row 7 in items");
    let within = select::<Item>().filter(Item::ID.in_(page.clone().select(Item::ID)));
    assert_eq!(within.all(&db).unwrap_err().to_string(), "no row 7 in items");
    assert!(page.iter(&db.snapshot()).next().is_some_and(|row| row.is_err()));
    Ok(())
}

#[test]
fn a_row_that_the_filter_refuses_still_has_its_place() -> memorm::Result<()> {
    let db = items(&[(1, 5), (2, 3), (3, 4)])?;
    let cheap = select::<Item>().filter(Item::PRICE.ne(4)).order_by(Item::PRICE).after(3);
    assert_eq!(ids(cheap.all(&db)?), [1]);
    Ok(())
}

#[test]
fn rows_that_are_added_or_deleted_before_a_page_do_not_move_it() -> memorm::Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3), (4, 4)])?;
    let page = select::<Item>().order_by(Item::PRICE).after(2).limit(1);
    assert_eq!(ids(page.all(&db)?), [3]);
    db.transaction(|s| {
        s.delete_by_key::<Item>(1)?;
        s.add_all([item(5, 0), item(6, 0)])
    })?;
    assert_eq!(ids(page.all(&db)?), [3]);
    Ok(())
}

#[test]
fn a_page_in_row_order_begins_behind_its_row_whatever_was_deleted() -> memorm::Result<()> {
    let db = items(&(0..6_000).map(|id| (id, 0)).collect::<Vec<_>>())?;
    let is_kept = |id: &i64| id % 700 == 0 || (300..310).contains(id);
    db.transaction(|s| {
        (0..6_000).filter(|id| !is_kept(id)).try_for_each(|id| s.delete_by_key::<Item>(id).map(drop))
    })?;
    let kept: Vec<i64> = (0..6_000).filter(is_kept).collect();
    for (at, key) in kept.iter().enumerate() {
        assert_eq!(ids(select::<Item>().after(*key).all(&db)?), kept[at + 1..]);
    }
    Ok(())
}

#[test]
fn a_session_pages_through_its_own_rows() -> memorm::Result<()> {
    let db = items(&[(1, 1), (3, 3)])?;
    let mut session = db.session();
    session.add(item(2, 2))?;
    let page = select::<Item>().order_by(Item::PRICE);
    assert_eq!(ids(page.clone().after(2).all(&session)?), [3]);
    assert!(page.after(2).all(&db).is_err_and(|error| error.is_not_found()));
    Ok(())
}

#[test]
fn a_composite_key_names_the_row() -> memorm::Result<()> {
    let db = Database::new();
    let seat = |row, place: &str, price| Seat { row, place: place.to_owned(), price };
    db.transaction(|s| s.add_all([seat(1, "a", 3), seat(1, "b", 1), seat(2, "a", 3)]))?;
    let dear = select::<Seat>().order_by(Seat::PRICE.desc());
    assert_eq!(dear.clone().after((1, "a")).select((Seat::ROW, Seat::PRICE)).all(&db)?, [(2, 3), (1, 1)]);
    let gone = dear.after((3, "a")).all(&db).unwrap_err();
    assert_eq!(gone.to_string(), r#"no row (3, "a") in seats"#);
    Ok(())
}

fn shop() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([Shelf { id: 1, place: 9 }, Shelf { id: 2, place: 8 }])?;
        let rows = [(1, 1, 5), (2, 2, 3), (3, 1, 4), (4, 2, 5)];
        s.add_all(rows.map(|(id, shelf_id, qty)| Stock { id, shelf_id, qty }))
    })?;
    Ok(db)
}

#[test]
fn a_page_of_a_join_begins_behind_all_rows_of_the_first_tables_row() -> memorm::Result<()> {
    let db = shop()?;
    let shelves = select::<Shelf>().order_by(Shelf::PLACE.desc()).after(1).join(Shelf::ITEMS);
    assert_eq!(shelves.select((Shelf::ID, Stock::ID)).all(&db)?, [(2, 2), (2, 4)]);
    let stock = select::<Stock>().order_by(Stock::QTY).after(3).join(Stock::SHELF);
    assert_eq!(stock.clone().select((Stock::ID, Shelf::PLACE)).all(&db)?, [(1, 9), (4, 8)]);
    assert_eq!(stock.filter(Shelf::PLACE.eq(8)).select(Stock::ID).all(&db)?, [4]);
    let all = select::<Stock>().after(2).left_join(Stock::SHELF);
    assert_eq!(all.select(Stock::ID).all(&db)?, [3, 4]);
    Ok(())
}

#[test]
fn a_join_in_the_order_of_its_second_table_has_no_place_for_a_row_of_the_first() -> memorm::Result<()> {
    let page = select::<Stock>().after(3).join(Stock::SHELF).order_by(Shelf::PLACE);
    let error = page.all(&shop()?).unwrap_err();
    let says = "no place for stock 3 in an order by shelves.place: `after` takes sort keys of stock alone";
    assert_eq!(error.to_string(), says);
    Ok(())
}

#[test]
fn groups_aggregates_and_windows_see_the_rows_behind_alone() -> memorm::Result<()> {
    let db = shop()?;
    let behind = select::<Stock>().order_by(Stock::QTY).after(2);
    assert_eq!(behind.aggregate((count(), Stock::QTY.sum()), &db)?, (3, Some(14)));
    let groups = behind.clone().group_by(Stock::SHELF_ID).aggregate(count());
    assert_eq!(groups.all(&db)?, [(1, 2), (2, 1)]);
    let numbered = behind.select((Stock::ID, row_number().over(partition_by(()).order_by(Stock::ID))));
    assert_eq!(numbered.all(&db)?, [(3, 2), (1, 1), (4, 3)]);
    Ok(())
}

#[test]
fn a_set_without_the_row_has_no_place_for_it() -> memorm::Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let few = select::<Item>().filter(Item::PRICE.lt(2)).union(select::<Item>().filter(Item::PRICE.gt(2)));
    assert_eq!(ids(few.clone().after(1).all(&db)?), [3]);
    assert_eq!(few.after(2).all(&db).unwrap_err().to_string(), "no row 2 in items");
    Ok(())
}

#[test]
fn a_part_of_a_set_may_be_a_page() -> memorm::Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let set = select::<Item>().after(2).union(select::<Item>().after(1).limit(1));
    assert_eq!(ids(set.all(&db)?), [3, 2]);
    Ok(())
}

#[test]
fn the_error_of_a_sort_key_is_that_of_a_row_which_the_filter_keeps() -> memorm::Result<()> {
    let db = items(&[(1, 1), (2, 0), (3, 2)])?;
    let by_quotient = select::<Item>().order_by(Item::ID / Item::PRICE);
    assert_eq!(ids(by_quotient.clone().filter(Item::PRICE.ne(0)).after(1).all(&db)?), [3]);
    let failed = by_quotient.clone().after(3).all(&db).unwrap_err();
    assert!(
        failed.to_string().contains("division by zero") && failed.to_string().ends_with("items 2"),
        "{failed}"
    );
    let failed = by_quotient.after(2).all(&db).unwrap_err();
    assert_eq!(failed.to_string(), "division by zero in id / price of items 2");
    Ok(())
}

#[test]
fn a_live_page_follows_the_row_that_it_stands_behind() -> memorm::Result<()> {
    let db = items(&[(1, 1), (2, 2), (3, 3)])?;
    let live = db.live(select::<Item>().order_by(Item::PRICE).after(1).select(Item::ID));
    assert_eq!((live.rows(), live.is_incremental()), (vec![2, 3], false));
    db.transaction(|s| s.update::<Item>(1, |item| item.price = 2))?;
    assert_eq!(live.rows(), [2, 3]);
    db.transaction(|s| s.update::<Item>(1, |item| item.price = 3))?;
    assert_eq!(live.rows(), [3]);
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(live.try_rows().unwrap_err().to_string(), "no row 1 in items");
    Ok(())
}

/// Whether a session that reads a page may commit after what another session does.
fn is_refused(other: impl FnMut(&mut Session) -> memorm::Result<()>) -> memorm::Result<bool> {
    let db = Database::builder().isolation(Isolation::Serializable).build();
    db.transaction(|s| s.add_all([(1, 1), (2, 2), (3, 3)].map(|(id, price)| item(id, price))))?;
    let mut session = db.session();
    select::<Item>().order_by(Item::PRICE).after(2).all(&session)?;
    db.transaction(other)?;
    session.add(Shelf { id: 1, place: 0 })?;
    Ok(session.commit().is_err_and(|error| error.is_conflict()))
}

#[test]
fn serializable_refuses_what_a_page_would_have_shown_and_nothing_before_it() -> memorm::Result<()> {
    assert!(is_refused(|s| s.add(item(4, 9)).map(drop))?, "a row behind is new");
    assert!(is_refused(|s| s.add(item(4, 2)).map(drop))?, "a row with the same sort key is new");
    assert!(is_refused(|s| s.delete_by_key::<Item>(3).map(drop))?, "a row behind is gone");
    assert!(is_refused(|s| s.update::<Item>(2, |item| item.price = 0).map(drop))?, "the row has moved");
    assert!(is_refused(|s| s.update::<Item>(1, |item| item.price = 5).map(drop))?, "a row came behind it");
    assert!(!is_refused(|s| s.add(item(4, 1)).map(drop))?, "a row before it is new");
    assert!(!is_refused(|s| s.delete_by_key::<Item>(1).map(drop))?, "a row before it is gone");
    Ok(())
}
