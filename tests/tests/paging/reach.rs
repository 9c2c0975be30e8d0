//! How far a page looks.
use super::models::{Bare, Item};
use memorm::prelude::*;

fn stock() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        let rank = |i: i64| (i % 3 != 0).then_some(i / 2);
        let name = |i: i64| format!("n{i:05}");
        s.add_all((0..10_000).map(|i| Item {
            id: i,
            price: i / 4,
            rank: rank(i),
            name: name(i),
            weight: (i % 2) as f64,
            shelf_id: i % 2,
        }))?;
        s.add_all((0..10_000).map(|i| Bare {
            id: i,
            price: i / 4,
            rank: rank(i),
            name: name(i),
            weight: (i % 2) as f64,
            shelf_id: i % 2,
        }))
    })?;
    Ok(db)
}

#[track_caller]
fn reaches(query: &impl Query, db: &Database, access: &str, most: usize) {
    let explain = query.explain(db).unwrap();
    assert_eq!(explain.access, access, "{explain}");
    assert!(explain.rows_seen <= most, "{explain}");
    assert_eq!(explain.rows, 10, "{explain}");
}

#[test]
fn a_page_in_the_order_of_an_index_looks_at_its_own_rows() -> memorm::Result<()> {
    let db = stock()?;
    let page = |key: i64| select::<Item>().after(key).limit(10);
    let by_price = "order of index items.price";
    reaches(&page(5_000).order_by(Item::PRICE), &db, by_price, 20);
    reaches(&page(5_000).order_by(Item::PRICE.desc()), &db, by_price, 20);
    reaches(&page(9_900).order_by(Item::PRICE), &db, by_price, 20);
    reaches(&page(5_000).order_by((Item::PRICE.desc(), Item::ID.desc())), &db, by_price, 20);
    reaches(&page(5_000).order_by((Item::PRICE, Item::NAME.desc())), &db, by_price, 20);
    reaches(&page(5_000).order_by(Item::NAME), &db, "order of index items.name", 20);
    let odd = page(5_000).filter(Item::WEIGHT.eq(1.0));
    reaches(&odd.order_by(Item::PRICE), &db, by_price, 40);
    Ok(())
}

#[test]
fn an_index_whose_first_columns_are_given_serves_the_order_of_its_last_one() -> memorm::Result<()> {
    let db = stock()?;
    let of_shelf = select::<Item>().filter(Item::SHELF_ID.eq(1)).limit(10);
    let access = "order of index items.(shelf_id, price)";
    reaches(&of_shelf.clone().order_by(Item::PRICE), &db, access, 20);
    reaches(&of_shelf.clone().order_by((Item::PRICE.desc(), Item::ID)), &db, access, 20);
    reaches(&of_shelf.clone().order_by((Item::PRICE, Item::ID)).after(5_001), &db, access, 20);
    reaches(&of_shelf.clone().filter(Item::PRICE.between(900, 2_000)).order_by(Item::PRICE), &db, access, 20);
    let by_rank = of_shelf.filter(Item::NAME.ge("n")).order_by(Item::RANK).explain(&db)?;
    assert_eq!(
        by_rank.access, "order of index items.rank",
        "a compound key has its `None`s among the values"
    );
    Ok(())
}

#[test]
fn an_index_with_rows_that_have_no_value_serves_pages_too() -> memorm::Result<()> {
    let db = stock()?;
    let page = |key: i64| select::<Item>().after(key).limit(10);
    let by_rank = "order of index items.rank";
    reaches(&page(5_000).order_by(Item::RANK), &db, by_rank, 20);
    reaches(&page(5_000).order_by(Item::RANK.desc()), &db, by_rank, 20);
    reaches(&page(3_000).order_by(Item::RANK), &db, by_rank, 1_100);
    reaches(&page(3_000).order_by(Item::RANK.desc()), &db, by_rank, 1_100);
    Ok(())
}

#[test]
fn a_page_in_row_order_begins_at_its_row() -> memorm::Result<()> {
    let db = stock()?;
    reaches(&select::<Bare>().after(9_000).limit(10), &db, "scan of bare", 100);
    reaches(&select::<Bare>().after(5_000).filter(Bare::SHELF_ID.eq(1)).limit(10), &db, "scan of bare", 100);
    Ok(())
}

#[test]
fn a_filter_on_the_sort_key_lets_an_index_begin_there() -> memorm::Result<()> {
    let db = stock()?;
    let dear = select::<Item>().filter(Item::PRICE.gt(1_000)).order_by(Item::PRICE).limit(10);
    reaches(&dear, &db, "order of index items.price", 20);
    let cheap = select::<Item>().filter(Item::PRICE.lt(1_000)).order_by(Item::PRICE.desc()).limit(10);
    reaches(&cheap, &db, "order of index items.price", 20);
    Ok(())
}

#[test]
fn an_index_on_another_column_that_leaves_few_rows_is_used_instead() -> memorm::Result<()> {
    let db = stock()?;
    let few = select::<Item>().filter(Item::NAME.lt("n00500")).order_by(Item::PRICE).after(20).limit(10);
    reaches(&few, &db, "index items.name, sort", 500);
    Ok(())
}

#[test]
fn explain_names_the_row() -> memorm::Result<()> {
    let db = stock()?;
    let explain = select::<Item>().order_by(Item::PRICE).after(8).limit(10).explain(&db)?;
    assert_eq!(explain.after.as_deref(), Some("8"));
    assert!(explain.to_string().contains("\n  order by: price\n  after: 8\n"), "{explain}");
    Ok(())
}
