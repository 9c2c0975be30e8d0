//! `select(..).with(..)`: what is loaded, in which shape, by how many look-ups.
use super::conditions::random_shop;
use super::models::*;
use memorm::prelude::*;

fn ids(items: &[Arc<Item>]) -> Vec<u64> {
    items.iter().map(|item| item.id).collect()
}

fn names(tags: &[Arc<Tag>]) -> Vec<&str> {
    tags.iter().map(|tag| &*tag.name).collect()
}

#[test]
fn children_come_as_a_list_in_row_order() {
    let db = shop();
    let rows: Vec<(Arc<Vendor>, Vec<Arc<Item>>)> = select::<Vendor>().with(Vendor::ITEMS).all(&db).unwrap();
    let found: Vec<_> = rows.iter().map(|(vendor, items)| (vendor.id, ids(items))).collect();
    assert_eq!(found, [(1, vec![1, 2]), (2, vec![5, 4]), (3, vec![]), (4, vec![])]);
}

#[test]
fn conditions_order_and_cuts_behind_with_are_those_before_it() -> memorm::Result<()> {
    let db = shop();
    let cut =
        |rows: Select<Item>| rows.filter(Item::ID.gt(1)).filter_with(|i| i.id != 4).order_by(Item::ID.desc());
    let before = cut(select::<Item>()).after(5).limit(1).offset(1).with((Item::VENDOR, Item::TAGS));
    let behind = select::<Item>()
        .with((Item::VENDOR, Item::TAGS))
        .filter(Item::ID.gt(1))
        .filter_with(|item| item.id != 4)
        .order_by(Item::ID.desc())
        .after(5)
        .limit(1)
        .offset(1);
    let rows = behind.all(&db)?;
    assert_eq!(rows.iter().map(|(item, _)| item.id).collect::<Vec<_>>(), [2]);
    assert_eq!(rows, before.all(&db)?);
    Ok(())
}

#[test]
fn a_parent_comes_as_an_option() {
    let db = shop();
    let rows: Vec<(Arc<Item>, Option<Arc<Vendor>>)> = select::<Item>().with(Item::VENDOR).all(&db).unwrap();
    let found: Vec<_> = rows.iter().map(|(item, vendor)| (item.id, vendor.as_ref().map(|v| v.id))).collect();
    assert_eq!(found, [(5, Some(2)), (1, Some(1)), (4, Some(2)), (2, Some(1)), (3, None)]);
}

#[test]
fn an_only_child_comes_as_an_option() {
    let db = shop();
    let rows: Vec<(Arc<Vendor>, Option<Arc<Profile>>)> =
        select::<Vendor>().with(Vendor::PROFILE).all(&db).unwrap();
    let found: Vec<_> = rows.iter().map(|(_, profile)| profile.as_ref().map(|p| p.stars)).collect();
    assert_eq!(found, [None, Some(4), None, None]);
}

#[test]
fn linked_rows_come_in_the_order_of_the_links() {
    let db = shop();
    db.transaction(|s| s.add_all([link(2, "dull"), link(2, "blue")])).unwrap();
    let rows: Vec<(Arc<Item>, Vec<Arc<Tag>>)> = select::<Item>().with(Item::TAGS).all(&db).unwrap();
    let found: Vec<_> = rows.iter().map(|(item, tags)| (item.id, names(tags))).collect();
    assert_eq!(found[0], (5, vec!["blue"]));
    assert_eq!(found[1], (1, vec!["red", "blue"]));
    assert_eq!(found[2], (4, vec![]));
    assert_eq!(found[3], (2, vec!["red", "dull", "blue"]));
    assert_eq!(found[4], (3, vec![]));
}

#[test]
fn a_row_that_two_links_lead_to_comes_once() {
    // lines 1 and 6 both lead from the order to item 5
    let db = shop();
    let (_, items) = select::<Order>().with(Order::ITEMS).first(&db).unwrap().unwrap();
    assert_eq!(ids(&items), [5, 1]);
}

#[test]
fn a_key_with_a_none_in_it_leads_nowhere() {
    let db = shop();
    let rows = select::<Line>().with(Line::ORDER).all(&db).unwrap();
    let found: Vec<_> =
        rows.iter().map(|(line, order)| (line.id, order.as_ref().map(|o| o.number))).collect();
    assert_eq!(found, [(1, Some(1)), (2, Some(2)), (3, Some(1)), (4, None), (5, None), (6, Some(1))]);
    let orders = select::<Order>().with(Order::LINES).all(&db).unwrap();
    let found: Vec<Vec<u64>> =
        orders.iter().map(|(_, lines)| lines.iter().map(|line| line.id).collect()).collect();
    assert_eq!(found, [vec![1, 3, 6], vec![2], vec![]]);
}

#[test]
fn the_shape_of_a_tree_is_its_type() {
    type Tagged = Vec<(Arc<Item>, Vec<Arc<Tag>>)>;
    type Row = (Arc<Vendor>, (Tagged, Option<Arc<Vendor>>));
    let db = shop();
    let rows: Vec<Row> =
        select::<Vendor>().with((Vendor::ITEMS.with(Item::TAGS), Vendor::PARENT)).all(&db).unwrap();
    let (vendor, (items, parent)) = &rows[0];
    assert_eq!((vendor.id, parent), (1, &None));
    assert_eq!(names(&items[0].1), ["red", "blue"]);
    assert_eq!(names(&items[1].1), ["red"]);
    let (vendor, (items, parent)) = &rows[1];
    assert_eq!((vendor.id, parent.as_ref().unwrap().id, items.len()), (2, 1, 2));
}

#[test]
fn relations_nest_three_levels_deep_in_every_kind() {
    let db = shop();
    let deep = Profile::VENDOR.with(Vendor::ITEMS.with(Item::TAGS.with(Tag::ITEMS)));
    let (profile, vendor) = select::<Profile>().with(deep).one(&db).unwrap();
    let (vendor, items) = vendor.unwrap();
    let (item, tags) = &items[0];
    let (tag, of_tag) = &tags[0];
    assert_eq!((&*profile.name, vendor.id, item.id, &*tag.name), ("acme", 2, 5, "blue"));
    assert_eq!(ids(of_tag), [5, 1]);
    let (_, (parent, ..)) = select::<Vendor>()
        .filter(Vendor::ID.eq(3))
        .with((Vendor::PARENT.with(Vendor::CHILDREN.with(Vendor::PROFILE.with(Profile::VENDOR))),))
        .one(&db)
        .unwrap();
    let (parent, children) = parent.unwrap();
    let (profile, back) = children[0].1.clone().unwrap();
    assert_eq!((parent.id, children[0].0.id, &*profile.name), (1, 2, "acme"));
    assert!(Arc::ptr_eq(&back.unwrap(), &children[0].0));
    assert!(children[1].1.is_none());
}

#[test]
fn a_table_can_refer_to_itself_in_both_directions() {
    let db = shop();
    let rows = select::<Vendor>().with((Vendor::PARENT, Vendor::CHILDREN)).all(&db).unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|(vendor, (parent, children))| {
            let children: Vec<u32> = children.iter().map(|child| child.id).collect();
            (vendor.id, parent.as_ref().map(|parent| parent.id), children)
        })
        .collect();
    assert_eq!(found, [(1, None, vec![2, 3]), (2, Some(1), vec![]), (3, Some(1), vec![]), (4, None, vec![])]);
}

#[test]
fn a_row_that_refers_to_itself_is_loaded_as_deep_as_the_statement_says() {
    let db = Database::new();
    db.transaction(|s| s.add(vendor(7, Some(7)))).unwrap();
    let (row, parent) = select::<Vendor>().with(Vendor::PARENT.with(Vendor::PARENT)).one(&db).unwrap();
    let (parent, above) = parent.unwrap();
    assert!(Arc::ptr_eq(&row, &parent) && Arc::ptr_eq(&row, &above.unwrap()));
}

#[test]
fn a_tuple_holds_up_to_six() {
    let db = shop();
    let six =
        (Vendor::ITEMS, Vendor::PARENT, Vendor::CHILDREN, Vendor::PROFILE, Vendor::ITEMS, Vendor::PARENT);
    let rows = select::<Vendor>().with(six).all(&db).unwrap();
    let (_, (items, parent, children, profile, again, _)) = &rows[1];
    assert_eq!((items.len(), parent.as_ref().unwrap().id, children.len()), (2, 1, 0));
    assert!(profile.is_some() && Arc::ptr_eq(&items[0], &again[0]));
}

#[test]
fn each_different_key_is_looked_up_once() {
    let db = shop();
    db.transaction(|s| s.add_all((100..200).map(|id| item(id, Some(2), 1)))).unwrap();
    let loads = select::<Item>().with((Item::VENDOR.with(Vendor::PARENT), Item::TAGS));
    let explained = loads.explain(&db).unwrap();
    assert_eq!(explained.rows, 105);
    let expected = [
        "VENDOR: 2 rows of vendors by 2 keys, looked up",
        "PARENT: 1 rows of vendors by 1 keys, looked up",
        "TAGS: 2 rows of tags by 105 keys, looked up",
    ];
    assert_eq!(explained.questions, expected);
}

#[test]
fn a_level_below_shared_rows_is_looked_up_once_for_each_of_them() {
    // four links lead to two tags: their items are looked up twice and not four times
    let db = shop();
    let explained = select::<Item>().with(Item::TAGS.with(Tag::ITEMS)).explain(&db).unwrap();
    let expected =
        ["TAGS: 2 rows of tags by 5 keys, looked up", "ITEMS: 3 rows of items by 2 keys, looked up"];
    assert_eq!(explained.questions, expected);
}

#[test]
fn rows_are_those_of_the_table_and_not_copies() {
    let snapshot = shop().snapshot();
    let rows = select::<Item>().with(Item::VENDOR).all(&snapshot).unwrap();
    let of_row = |at: usize| rows[at].1.as_ref().unwrap();
    assert!(Arc::ptr_eq(of_row(0), of_row(2)));
    assert!(Arc::ptr_eq(of_row(0), &snapshot.get::<Vendor>(2).unwrap()));
    assert!(Arc::ptr_eq(&rows[1].0, &snapshot.get::<Item>(1).unwrap()));
}

#[test]
fn random_rows_agree_with_of() {
    for seed in 0..30 {
        let (db, ..) = random_shop(seed);
        let snapshot = db.snapshot();
        let loads = (
            Vendor::ITEMS.with((Item::TAGS.with(Tag::ITEMS), Item::VENDOR)),
            Vendor::PARENT,
            Vendor::CHILDREN,
        );
        let rows = select::<Vendor>().filter(Vendor::ID.ne(2)).with(loads).all(&snapshot).unwrap();
        assert!(!rows.is_empty());
        for (vendor, (items, parent, children)) in rows {
            assert_eq!(parent, Vendor::PARENT.of(&snapshot, &vendor), "seed {seed}");
            assert_eq!(children, Vendor::CHILDREN.of(&snapshot, &vendor), "seed {seed}");
            let expected = Vendor::ITEMS.of(&snapshot, &vendor);
            assert_eq!(
                items.iter().map(|(item, _)| item.clone()).collect::<Vec<_>>(),
                expected,
                "seed {seed}"
            );
            for (item, (tags, owner)) in items {
                assert_eq!(owner, Item::VENDOR.of(&snapshot, &item), "seed {seed}");
                let expected = Item::TAGS.of(&snapshot, &item);
                assert_eq!(
                    tags.iter().map(|(tag, _)| tag.clone()).collect::<Vec<_>>(),
                    expected,
                    "seed {seed}"
                );
                for (tag, tagged) in tags {
                    assert_eq!(tagged, Tag::ITEMS.of(&snapshot, &tag), "seed {seed}");
                }
            }
        }
    }
}
