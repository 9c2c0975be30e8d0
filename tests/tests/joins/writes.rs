//! Joins over what a session has written itself.
use super::models::{Item, ItemTag, Tag, Vendor, item, shop, vendor};
use memorm::prelude::*;

#[test]
fn a_session_joins_its_own_writes_and_nobody_else_does() {
    let db = shop();
    let mut session = db.session();
    let rows = |s: &Session| {
        select::<Item>().join(Item::VENDOR).select((Item::ID, Vendor::NAME)).all(s).expect("rows").len()
    };
    assert_eq!(rows(&session), 4);
    session.add(vendor(9, "new", "CA", None)).expect("a vendor");
    session.add(item(9, "bar", Some(9), 1)).expect("an item");
    session.update::<Item>(4, |item| item.vendor_id = Some(9)).expect("an item");
    session.delete_by_key::<Item>(1).expect("an answer");
    let names = select::<Item>().join(Item::VENDOR).filter(Vendor::NAME.eq("new")).select(Item::ID);
    assert_eq!(names.all(&session).expect("rows"), [4, 9]);
    assert_eq!(rows(&session), 5);
    assert_eq!(names.count(&db).expect("a count"), 0);
    session.rollback();
    assert_eq!(rows(&session), 4);
}

#[test]
fn links_of_the_session_lead_on() {
    let db = shop();
    let mut session = db.session();
    session.add(ItemTag { item_id: 2, tag_name: "red".into() }).expect("a link");
    let tags = select::<Item>().join(Item::TAGS).filter(Item::ID.eq(2)).select(Tag::NAME);
    assert_eq!(tags.all(&session).expect("rows"), ["red"]);
    assert_eq!(tags.count(&db).expect("a count"), 0);
}
