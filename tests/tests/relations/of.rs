//! `RELATION.of(&source, &row)`.
use super::models::*;
use memorm::prelude::*;

fn ids(items: &[Arc<Item>]) -> Vec<u64> {
    items.iter().map(|item| item.id).collect()
}

fn names(tags: &[Arc<Tag>]) -> Vec<&str> {
    tags.iter().map(|tag| &*tag.name).collect()
}

#[test]
fn a_child_leads_to_its_parent_and_shares_it() {
    let db = shop().snapshot();
    let found = Item::VENDOR.of(&db, db.peek::<Item>(5).unwrap()).unwrap();
    assert!(Arc::ptr_eq(&found, &db.get::<Vendor>(2).unwrap()));
}

#[test]
fn a_key_of_none_leads_nowhere() {
    let db = shop();
    assert!(Item::VENDOR.of(&db, &item(3, None, 1)).is_none());
    assert!(Vendor::PARENT.of(&db, &vendor(1, None)).is_none());
    for line in [line(4, Some("north"), None, 2), line(5, None, Some(1), 2)] {
        assert!(Line::ORDER.of(&db, &line).is_none());
    }
}

#[test]
fn a_parent_leads_to_its_children_in_row_order() {
    let db = shop();
    assert_eq!(ids(&Vendor::ITEMS.of(&db, &vendor(2, None))), [5, 4]);
    assert_eq!(ids(&Vendor::ITEMS.of(&db, &vendor(1, None))), [1, 2]);
    assert!(Vendor::ITEMS.of(&db, &vendor(4, None)).is_empty());
}

#[test]
fn a_self_reference_leads_both_ways() {
    let db = shop();
    let children = Vendor::CHILDREN.of(&db, &vendor(1, None));
    assert_eq!(children.iter().map(|vendor| vendor.id).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(Vendor::PARENT.of(&db, &children[0]).unwrap().id, 1);
}

#[test]
fn has_one_leads_to_one_or_none() {
    let db = shop();
    assert_eq!(Vendor::PROFILE.of(&db, &vendor(2, None)).unwrap().name, "acme");
    assert!(Vendor::PROFILE.of(&db, &vendor(1, None)).is_none());
}

#[test]
fn has_one_of_several_is_the_first_in_row_order() {
    #[derive(Model, Clone)]
    #[model(has_one(ANY: Child, by = OWNER))]
    struct Owner {
        #[model(primary_key)]
        id: u32,
    }
    #[derive(Model, Clone)]
    struct Child {
        #[model(primary_key)]
        id: u32,
        #[model(references(Owner))]
        owner_id: u32,
    }
    let db = Database::new();
    db.transaction(|s| {
        s.add(Owner { id: 1 })?;
        s.add_all([9, 3].map(|id| Child { id, owner_id: 1 }))
    })
    .unwrap();
    assert_eq!(Owner::ANY.of(&db, &Owner { id: 1 }).unwrap().id, 9);
}

#[test]
fn many_to_many_follows_the_row_order_of_the_links() {
    let db = shop();
    assert_eq!(names(&Item::TAGS.of(&db, &item(1, None, 0))), ["red", "blue"]);
    assert_eq!(ids(&Tag::ITEMS.of(&db, &tag("blue", 0))), [5, 1]);
    assert!(Tag::ITEMS.of(&db, &tag("dull", 0)).is_empty());
}

#[test]
fn many_to_many_names_a_row_once_however_often_it_is_linked() {
    let db = shop();
    let order = Order { shop: "north".into(), number: 1 };
    assert_eq!(ids(&Order::ITEMS.of(&db, &order)), [5, 1]);
}

#[test]
fn keys_of_several_columns_lead_both_ways() {
    let db = shop();
    let order = Order { shop: "north".into(), number: 1 };
    let lines = Order::LINES.of(&db, &order);
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [1, 3, 6]);
    assert_eq!(*Line::ORDER.of(&db, &lines[0]).unwrap(), order);
    assert!(Line::ORDER.of(&db, &line(9, Some("south"), Some(9), 1)).is_none());
}

#[test]
fn every_source_answers_for_its_own_version() {
    let db = Arc::new(shop());
    let before = Arc::new(db.snapshot());
    let mut session = db.session();
    session.update::<Item>(3, |item| item.vendor_id = Some(4)).unwrap();
    let none = vendor(4, None);
    assert_eq!(ids(&Vendor::ITEMS.of(&session, &none)), [3], "a session sees its own writes");
    assert!(Vendor::ITEMS.of(&&session, &vendor(3, None)).is_empty());
    assert!(Vendor::ITEMS.of(&db, &none).is_empty());
    session.commit().unwrap();
    assert_eq!(ids(&Vendor::ITEMS.of(&*db, &none)), [3]);
    assert!(Vendor::ITEMS.of(&before, &none).is_empty());
    assert!(Vendor::ITEMS.of(&*before, &none).is_empty());
}

#[test]
fn tables_never_used_hold_no_relatives() {
    let db = Database::new();
    assert!(Item::VENDOR.of(&db, &item(1, Some(1), 0)).is_none());
    assert!(Vendor::ITEMS.of(&db, &vendor(1, None)).is_empty());
    assert!(Item::TAGS.of(&db, &item(1, Some(1), 0)).is_empty());
}
