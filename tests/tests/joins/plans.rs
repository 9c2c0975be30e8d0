//! How joined rows are found.
use super::models::{Item, Tag, Vendor, shop};
use memorm::prelude::*;

#[test]
fn explain_tells_how_each_table_is_found() {
    let db = shop();
    let plan =
        select::<Item>().join(Item::VENDOR).filter(Vendor::COUNTRY.eq("US")).explain(&db).expect("a plan");
    assert_eq!(
        plan.to_string(),
        "scan of items\n  join vendors by hash of vendors.id: 5 expected, 3 seen\n  filter: vendors.country = \"US\"\n  \
         rows: 5 expected, 8 seen, 2 found"
    );
    let plan = select::<Item>()
        .join(Item::TAGS)
        .join_on::<Vendor>(on(Vendor::NAME).gt(on(Tag::NAME)))
        .explain(&db)
        .expect("a plan");
    assert_eq!(plan.joins[0].access, "join tags by hash of item_tags.item_id");
    assert_eq!(plan.joins[1].access, "join vendors by all rows");
}

fn many() -> Database {
    let db = shop();
    db.transaction(|s| s.add_all((100..5_000).map(|id| super::models::vendor(id, "x", "DE", Some(1)))))
        .expect("vendors");
    db
}

#[test]
fn few_left_rows_look_their_partners_up() {
    let db = many();
    let plan = select::<Item>().join(Item::VENDOR).explain(&db).expect("a plan");
    assert_eq!(plan.joins[0].access, "join vendors by key vendors.id");
    assert_eq!((plan.joins[0].rows_expected, plan.joins[0].rows_seen), (5, 4));
    let children = select::<Item>()
        .left_join_on::<Vendor>(on(Item::QTY).gt(0) & on(Item::VENDOR_ID).eq(on(Vendor::PARENT_ID)));
    assert_eq!(
        children.explain(&db).expect("a plan").joins[0].access,
        "left join vendors by index vendors.parent_id"
    );
}

#[test]
fn what_stops_early_looks_at_few_rows() {
    let db = many();
    let plan = select::<Vendor>().join(Vendor::PARENT).limit(3).explain(&db).expect("a plan");
    assert_eq!(plan.joins[0].access, "join vendors by key vendors.id");
    assert!(plan.rows_seen < 200, "{plan}");
}

#[test]
fn conditions_of_one_table_are_tested_before_the_join() {
    let db = many();
    let plan = select::<Item>().join(Item::VENDOR).filter(Item::ID.eq(2)).explain(&db).expect("a plan");
    assert_eq!((plan.access.as_str(), plan.rows_seen, plan.rows), ("key items.id", 2, 1));
}
