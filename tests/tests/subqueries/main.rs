//! Subqueries: lists, existence, single values.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Vendor {
    #[model(primary_key)]
    id: u32,
    parent_id: Option<u32>,
}

#[derive(Model, Clone, Debug)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    vendor_id: u32,
    qty: i64,
    price: Option<f64>,
}

fn shop() -> Database {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([(1, None), (2, Some(1)), (3, Some(9))].map(|(id, parent_id)| Vendor { id, parent_id }))?;
        s.add_all((1..=6).map(|id| Item {
            id,
            vendor_id: id as u32 % 3,
            qty: id as i64,
            price: Some(id as f64),
        }))
    })
    .unwrap();
    db
}

fn ids(db: &Database, filter: Filter<Item>) -> Vec<u64> {
    select::<Item>().filter(filter).select(Item::ID).all(db).unwrap()
}

fn vendors(db: &Database, filter: Filter<Vendor>) -> Vec<u32> {
    select::<Vendor>().filter(filter).select(Vendor::ID).all(db).unwrap()
}

#[test]
fn in_a_query_is_in_the_list_of_its_values() {
    let db = shop();
    assert_eq!(
        ids(&db, Item::VENDOR_ID.in_(select::<Vendor>().filter(Vendor::ID.lt(2)).select(Vendor::ID))),
        [1, 4]
    );
    assert_eq!(ids(&db, Item::VENDOR_ID.not_in(select::<Vendor>().select(Vendor::ID))), [3, 6]);
    assert_eq!(vendors(&db, Vendor::PARENT_ID.in_(select::<Vendor>().select(Vendor::ID))), [2]);
}

#[test]
fn not_in_a_query_with_a_none_is_never_true() {
    let db = shop();
    assert!(vendors(&db, Vendor::ID.not_in(select::<Vendor>().select(Vendor::PARENT_ID))).is_empty());
    let some = select::<Vendor>().filter(Vendor::PARENT_ID.is_some()).select(Vendor::PARENT_ID);
    assert_eq!(vendors(&db, Vendor::ID.not_in(some)), [2, 3]);
}

#[test]
fn nothing_is_in_an_empty_query_not_even_none() {
    let db = shop();
    let nothing = || select::<Vendor>().filter(Vendor::ID.gt(99)).select(Vendor::ID);
    assert!(vendors(&db, Vendor::PARENT_ID.in_(nothing())).is_empty());
    assert_eq!(vendors(&db, Vendor::PARENT_ID.not_in(nothing())), [1, 2, 3]);
}

#[test]
fn long_answers_are_found_too() {
    let db = shop();
    db.transaction(|s| s.add_all((100..3_000).map(|id| Vendor { id, parent_id: None }))).unwrap();
    let all = || select::<Vendor>().select(Vendor::ID);
    assert_eq!(ids(&db, Item::VENDOR_ID.in_(all())), [1, 2, 4, 5]);
    assert_eq!(ids(&db, Item::VENDOR_ID.not_in(all())), [3, 6]);
    let with_none = || all().union_all(select::<Vendor>().filter(Vendor::ID.lt(0)).select(Vendor::ID));
    assert_eq!(vendors(&db, Vendor::ID.lt(4) & Vendor::PARENT_ID.in_(with_none())), [2]);
    assert_eq!(
        vendors(&db, Vendor::ID.lt(4) & Vendor::PARENT_ID.not_in(with_none())),
        [3],
        "none is unknown"
    );
}

#[test]
fn exists_is_one_condition_for_all_rows() {
    let db = shop();
    let vendor = |id: u32| exists(select::<Vendor>().filter(Vendor::ID.eq(id)));
    assert_eq!(ids(&db, vendor(1) & Item::ID.lt(3)), [1, 2]);
    assert_eq!(ids(&db, Item::ID.lt(3) & !vendor(1)), [0; 0]);
    assert_eq!(ids(&db, Item::ID.lt(2) | vendor(7)), [1]);
    assert_eq!(select::<Item>().filter(!(vendor(7) | vendor(8))).count(&db).unwrap(), 6);
    assert_eq!(delete::<Item>().filter(vendor(9)).exec(&mut db.session()).unwrap(), 0);
}

#[test]
fn exists_looks_no_further_than_the_first_row() {
    let db = shop();
    // row 1 passes, row 2 would be an error
    let fails_later = select::<Item>().filter((Item::QTY / (Item::QTY - 2)).lt(0));
    assert_eq!(select::<Vendor>().filter(exists(fails_later)).count(&db).unwrap(), 3);
}

#[test]
fn a_value_of_one_row_is_an_operand() {
    let db = shop();
    let qty = |id: u64| select::<Item>().filter(Item::ID.eq(id)).select(Item::QTY).scalar();
    assert_eq!(ids(&db, Item::QTY.gt(qty(4))), [5, 6]);
    assert!(ids(&db, Item::QTY.gt(qty(99))).is_empty(), "no row is none");
    assert_eq!(ids(&db, Item::QTY.gt(qty(99).coalesce(5))), [6]);
    assert_eq!(select::<Item>().limit(1).select((Item::ID, qty(4) + 1)).all(&db).unwrap(), [(1, Some(5))]);
}

#[test]
fn a_value_of_many_rows_is_an_error() {
    let db = shop();
    let many = || select::<Item>().select(Item::QTY);
    let error = select::<Vendor>().filter(Vendor::ID.gt(0)).select(many().scalar()).all(&db).unwrap_err();
    assert_eq!(error.to_string(), "more than one row of item found where one was expected");
    assert_eq!(select::<Vendor>().limit(1).select(many().limit(1).scalar()).all(&db).unwrap(), [Some(1)]);
}

#[test]
fn an_aggregate_is_a_value() {
    let db = shop();
    assert_eq!(ids(&db, Item::PRICE.gt(select::<Item>().scalar(Item::PRICE.avg()))), [4, 5, 6]);
    let counted = select::<Vendor>().scalar(count());
    assert_eq!(ids(&db, Item::ID.eq(counted)), [3]);
    let dearest = select::<Item>().scalar(Item::PRICE.max());
    let mut session = db.session();
    assert_eq!(
        update::<Item>().filter(Item::ID.eq(1)).set(Item::PRICE, dearest).exec(&mut session).unwrap(),
        1
    );
    assert_eq!(session.get::<Item>(1).unwrap().price, Some(6.0));
}

#[test]
fn a_subquery_of_an_update_reads_the_old_rows() {
    let db = shop();
    let least = select::<Item>().scalar(Item::QTY.min());
    let raise = update::<Item>().filter(Item::QTY.eq(least)).set(Item::QTY, Item::QTY + 10);
    let mut session = db.session();
    assert_eq!(raise.clone().returning(Item::ID).all(&mut session).unwrap(), [1]);
    assert_eq!(raise.exec(&mut session).unwrap(), 1, "a statement is asked anew each time");
    assert_eq!(session.get::<Item>(2).unwrap().qty, 12);
}

#[test]
fn a_short_answer_goes_through_an_index() {
    let db = shop();
    db.transaction(|s| s.add_all((100..400).map(|id| Item { id, vendor_id: 50, qty: 0, price: None })))
        .unwrap();
    let query = select::<Item>()
        .filter(Item::VENDOR_ID.in_(select::<Vendor>().filter(Vendor::ID.eq(2)).select(Vendor::ID)));
    let explained = query.explain(&db).unwrap();
    assert_eq!(explained.access, "index item.vendor_id");
    assert_eq!(explained.questions, ["select id from vendor where id = 2: 1 values, key vendor.id"]);
    assert_eq!(explained.filter.unwrap(), "vendor_id in (select id from vendor where id = 2)");
}
