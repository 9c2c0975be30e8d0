//! How joined rows are found. `PLANS=overwrite` writes `plans.txt` anew.
use super::models::{Item, ItemTag, Tag, Vendor, shop};
use memorm::prelude::*;

/// Asks for plans and writes them down one after the other, as `plans.txt` has them.
fn script() -> String {
    let (few, large) = (shop(), large());
    let mut text = String::new();
    let mut show = |title: &str, plan: memorm::Result<Explain>| {
        text += &format!("-- {title}\n{}\n\n", plan.expect("a plan"));
    };
    let items = || select::<Item>().join(Item::VENDOR);
    show("items with their vendors", items().explain(&few));
    show("of one country", items().filter(Vendor::COUNTRY.eq("US")).explain(&few));
    show("of one item", items().filter(Item::ID.eq(2)).explain(&large));
    show("of one item, looked for among many vendors", items().filter(Item::ID.eq(2)).explain(&many()));
    show("items of a vendor by name", items().filter(Vendor::NAME.eq("rare")).explain(&large));
    show(
        "the same, no item left out",
        select::<Item>().left_join(Item::VENDOR).filter(opt(Vendor::NAME).eq("rare")).explain(&large),
    );
    show(
        "items of the children of a vendor",
        items().join(Vendor::PARENT).filter(Vendor::NAME.eq("rare").at(At::<2>)).explain(&large),
    );
    show("items with a tag", select::<Item>().join(Item::TAGS).filter(Tag::NAME.eq("hot")).explain(&large));
    show("tags of some items", select::<Item>().join(Item::TAGS).filter(Item::ID.lt(3)).explain(&large));
    show(
        "pairs without an equality",
        select::<Item>().join_on::<Vendor>(on(Item::NAME).lt(on(Vendor::NAME))).explain(&few),
    );
    show("sorted", items().order_by(Vendor::NAME).limit(2).explain(&few));
    show("two rows of many", select::<Vendor>().join(Vendor::PARENT).limit(2).explain(&many()));
    text
}

#[test]
fn plans_are_as_they_are_written_down() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/joins/plans.txt");
    let script = script();
    if std::env::var_os("PLANS").is_some_and(|how| how == "overwrite") {
        std::fs::write(path, &script).expect("the plans can be written");
    }
    assert_eq!(script, std::fs::read_to_string(path).expect("the plans can be read"));
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

/// A thousand items of a hundred vendors, of which one is called `rare` and has item 7 and 107 … alone.
fn large() -> Database {
    use super::models::{Tag, item, vendor};
    let db = Database::new();
    db.transaction(|s| {
        s.add_all(
            (0..100).map(|id| vendor(id, if id == 7 { "rare" } else { "x" }, "DE", (id == 5).then_some(7))),
        )?;
        s.add_all((0..1_000).map(|id| item(id, "i", Some(id as u32 % 100), id as i64 % 3)))?;
        s.add_all(["hot", "cold"].map(|name| Tag { name: name.into(), weight: 1 }))?;
        let link =
            |item_id: u64| ItemTag { item_id, tag_name: if item_id == 400 { "hot" } else { "cold" }.into() };
        s.add_all((0..1_000).map(link))
    })
    .expect("rows");
    db
}

#[test]
fn few_right_rows_tell_which_left_rows_are_looked_at() {
    let db = large();
    let rare = select::<Item>().join(Item::VENDOR).filter(Vendor::NAME.eq("rare"));
    let plan = rare.explain(&db).expect("a plan");
    assert_eq!(plan.access, "index items.vendor_id for vendors");
    assert_eq!((plan.rows_expected, plan.rows), (10, 10), "{plan}");
    assert!(plan.rows_seen <= 110, "{plan}");
    let ids = rare.select(Item::ID).all(&db).expect("rows");
    assert_eq!(ids, (0..10).map(|n| 7 + n * 100).collect::<Vec<_>>());
}

#[test]
fn what_the_last_table_leaves_narrows_all_before_it() {
    let db = large();
    let query =
        select::<Item>().join(Item::VENDOR).join(Vendor::PARENT).filter(Vendor::NAME.eq("rare").at(At::<2>));
    let plan = query.explain(&db).expect("a plan");
    assert_eq!(plan.access, "index items.vendor_id for vendors");
    assert_eq!(
        plan.joins[0].access,
        "join vendors by hash of vendors.id, index vendors.parent_id for vendors"
    );
    let ids = query.select((Item::ID, Vendor::ID.at(RIGHT))).limit(2).all(&db).expect("rows");
    assert_eq!(ids, [(5, 5), (105, 5)]);
}

#[test]
fn links_are_followed_backwards() {
    let db = large();
    let hot = select::<Item>().join(Item::TAGS).filter(Tag::NAME.eq("hot"));
    let plan = hot.explain(&db).expect("a plan");
    assert_eq!((plan.access.as_str(), plan.rows), ("links item_tags.tag_name", 1), "{plan}");
    assert!(plan.rows_seen < 10, "{plan}");
    assert_eq!(hot.select(Item::ID).all(&db).expect("rows"), [400]);
}

#[test]
fn rows_that_need_no_partner_are_not_narrowed() {
    let db = large();
    let all = select::<Item>()
        .left_join_on::<Vendor>(on(Item::VENDOR_ID).eq(on(Vendor::ID)) & on(Vendor::NAME).eq("rare"));
    let plan = all.explain(&db).expect("a plan");
    assert_eq!((plan.access.as_str(), plan.rows), ("scan of items", 1_000));
}

#[test]
fn a_join_condition_that_can_fail_meets_the_same_pairs_on_every_plan() {
    let db = large();
    // item 0 divides by zero before it is known that its vendor has no rare parent
    let query = select::<Item>()
        .join_on::<Vendor>(on(Item::VENDOR_ID).eq(on(Vendor::ID)) & (on(Item::QTY) / on(Item::QTY)).eq(1))
        .join(Vendor::PARENT)
        .filter(Vendor::NAME.eq("rare").at(At::<2>));
    let error = query.count(&db).expect_err("a division by zero");
    assert!(error.to_string().contains("division by zero"), "{error}");
}
