//! Joins along relations.
use super::models::{Item, ItemTag, Profile, Tag, Vendor, item, shop};
use memorm::prelude::*;

fn ids(query: Select<(Item, Vendor)>, db: &Database) -> Vec<(u64, u32)> {
    query.select((Item::ID, Vendor::ID)).all(db).expect("rows")
}

#[test]
fn a_child_stands_beside_its_parent_and_none_stands_beside_nothing() {
    let rows = ids(select::<Item>().join(Item::VENDOR), &shop());
    assert_eq!(rows, [(1, 2), (2, 1), (3, 2), (5, 1)]);
}

#[test]
fn whole_rows_are_the_stored_objects() {
    let db = shop();
    let snapshot = db.snapshot();
    let rows: Vec<(Arc<Item>, Arc<Vendor>)> =
        select::<Item>().join(Item::VENDOR).all(&snapshot).expect("rows");
    let stored = snapshot.get::<Vendor>(2).expect("a vendor");
    assert!(Arc::ptr_eq(&rows[0].1, &stored) && Arc::ptr_eq(&rows[2].1, &stored));
}

#[test]
fn a_parent_comes_once_for_each_child_in_row_order() {
    let rows = select::<Vendor>().join(Vendor::ITEMS).select((Vendor::ID, Item::ID)).all(&shop());
    assert_eq!(rows.expect("rows"), [(1, 2), (1, 5), (2, 1), (2, 3)]);
}

#[test]
fn a_left_join_keeps_rows_without_a_partner_in_their_place() {
    let db = shop();
    let rows = select::<Item>().left_join(Item::VENDOR).select((Item::ID, opt(Vendor::NAME))).all(&db);
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        rows.expect("rows"),
        [(1, name("bolt")), (2, name("acme")), (3, name("bolt")), (4, None), (5, name("acme"))]
    );
    let whole = select::<Vendor>().left_join(Vendor::ITEMS).all(&db).expect("rows");
    let shown: Vec<_> = whole.iter().map(|(v, i)| (v.id, i.as_ref().map(|i| i.id))).collect();
    assert_eq!(shown, [(1, Some(2)), (1, Some(5)), (2, Some(1)), (2, Some(3)), (3, None)]);
}

#[test]
fn has_one_joins_the_one() {
    let db = shop();
    let rows = select::<Vendor>().join(Vendor::PROFILE).select((Vendor::ID, Profile::STARS)).all(&db);
    assert_eq!(rows.expect("rows"), [(2, 5)]);
    let all =
        select::<Vendor>().left_join(Vendor::PROFILE).select((Vendor::ID, opt(Profile::STARS))).all(&db);
    assert_eq!(all.expect("rows"), [(1, None), (2, Some(5)), (3, None)]);
}

#[test]
fn a_link_table_is_crossed_and_its_rows_are_not_seen() {
    let db = shop();
    let rows = select::<Item>().join(Item::TAGS).select((Item::ID, Tag::NAME)).all(&db).expect("rows");
    let named = |id, name: &str| (id, name.to_owned());
    // the right side in the row order of tags, not of links
    assert_eq!(rows, [named(1, "red"), named(1, "old"), named(3, "blue")]);
    let all =
        select::<Item>().left_join(Item::TAGS).filter(Item::ID.lt(4)).select((Item::ID, opt(Tag::WEIGHT)));
    assert_eq!(all.all(&db).expect("rows"), [(1, Some(1)), (1, Some(3)), (2, None), (3, Some(2))]);
    let both =
        select::<Item>().join(Item::TAGS).filter(on(Item::NAME).gt(on(Tag::NAME)) & on(Item::ID).eq(1));
    assert_eq!(both.select(Tag::NAME).all(&db).expect("rows"), Vec::<String>::new());
    let same = select::<Item>().join(Item::TAGS).filter(on(Item::QTY).eq(on(Tag::WEIGHT)));
    assert_eq!(same.count(&db).expect("a count"), 0);
    let heavy = select::<Item>().join(Item::TAGS).filter(Tag::WEIGHT.gt(1)).select(Item::ID);
    assert_eq!(heavy.all(&db).expect("rows"), [1, 3]);
}

#[test]
fn a_relation_leads_on_from_any_table_of_the_query() {
    let rows = select::<ItemTag>().join(ItemTag::ITEM).join(ItemTag::TAG).join(Item::VENDOR);
    let shown = rows.select((ItemTag::ITEM_ID, Tag::NAME, Vendor::NAME)).all(&shop()).expect("rows");
    let row = |id, tag: &str| (id, tag.to_owned(), "bolt".to_owned());
    assert_eq!(shown, [row(1, "old"), row(1, "red"), row(3, "blue")]);
}

#[test]
fn a_relation_leads_on_from_the_optional_side() {
    let rows = select::<Item>().left_join(Item::VENDOR).left_join(Vendor::PROFILE);
    let shown = rows.select((Item::ID, opt(Vendor::ID), opt(Profile::STARS))).all(&shop()).expect("rows");
    assert_eq!(
        shown,
        [
            (1, Some(2), Some(5)),
            (2, Some(1), None),
            (3, Some(2), Some(5)),
            (4, None, None),
            (5, Some(1), None)
        ]
    );
}

#[test]
fn six_tables_stand_side_by_side() {
    let query = select::<ItemTag>()
        .join(ItemTag::ITEM)
        .join(ItemTag::TAG)
        .join(Item::VENDOR)
        .join(Vendor::PROFILE)
        .join(Vendor::PARENT);
    let row = query.filter(Tag::NAME.eq("blue")).one(&shop()).expect("one row");
    assert_eq!((row.0.item_id, row.1.id, row.2.weight, row.3.id, row.4.stars, row.5.id), (3, 3, 2, 2, 5, 1));
}

#[test]
fn tables_never_used_have_no_rows() {
    let db = Database::new();
    assert_eq!(select::<Item>().join(Item::VENDOR).count(&db).expect("a count"), 0);
    db.transaction(|s| s.add(item(1, "nut", None, 1))).expect("an item");
    assert_eq!(select::<Item>().join(Item::VENDOR).count(&db).expect("a count"), 0);
    assert_eq!(select::<Item>().join(Item::TAGS).count(&db).expect("a count"), 0);
    let row = select::<Item>().left_join(Item::TAGS).one(&db).expect("one row");
    assert_eq!((row.0.id, row.1), (1, None));
    let names = select::<Item>().left_join(Item::VENDOR).select(opt(Vendor::NAME)).all(&db).expect("rows");
    assert_eq!(names, [None]);
}
