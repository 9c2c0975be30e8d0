//! `RELATION.any(filter)`, `.none(filter)`, `.every(filter)`: against plain loops, and rule by rule.
use super::models::*;
use memorm::prelude::*;
use memorm_tests::on_small_stack;

fn vendors(db: &Database, filter: Filter<Vendor>) -> Vec<u32> {
    select::<Vendor>().filter(filter).select(Vendor::ID).all(db).unwrap()
}

fn items(db: &Database, filter: Filter<Item>) -> Vec<u64> {
    select::<Item>().filter(filter).select(Item::ID).all(db).unwrap()
}

#[test]
fn any_none_and_every_of_children() {
    let db = shop();
    assert_eq!(vendors(&db, Vendor::ITEMS.any(Item::QTY.gt(5))), [1, 2]);
    assert_eq!(vendors(&db, Vendor::ITEMS.none(Item::QTY.gt(5))), [3, 4]);
    assert_eq!(vendors(&db, Vendor::ITEMS.every(Item::QTY.gt(2))), [1, 3, 4], "no item is every item");
}

#[test]
fn a_key_of_none_has_no_related_row() {
    let db = shop();
    assert_eq!(items(&db, Item::VENDOR.any(Vendor::ID.gt(0))), [5, 1, 4, 2]);
    assert_eq!(items(&db, !Item::VENDOR.any(Vendor::ID.gt(0))), [3], "false, not unknown");
    assert_eq!(items(&db, Item::VENDOR.none(Vendor::ID.gt(0)) & Item::VENDOR.every(Vendor::ID.lt(0))), [3]);
}

#[test]
fn a_condition_that_is_unknown_counts_for_every_alone() {
    let db = shop();
    db.transaction(|s| s.update::<Item>(1, |item| item.price = None)).unwrap();
    let dear = || Item::PRICE.ge(0);
    assert_eq!(vendors(&db, Vendor::ITEMS.every(dear())), [2, 3, 4]);
    assert_eq!(vendors(&db, !Vendor::ITEMS.every(dear())), [1]);
    assert_eq!(vendors(&db, Vendor::ID.eq(1) & Vendor::ITEMS.any(!dear())), [0; 0]);
    assert_eq!(vendors(&db, Vendor::ID.eq(1) & Vendor::ITEMS.none(!dear())), [1]);
}

#[test]
fn all_kinds_of_relations_nest() {
    let db = shop();
    assert_eq!(vendors(&db, Vendor::PROFILE.any(Profile::STARS.eq(4))), [2]);
    assert_eq!(vendors(&db, Vendor::PARENT.any(Vendor::ITEMS.any(Item::QTY.eq(9)))), [2, 3]);
    assert_eq!(vendors(&db, Vendor::ITEMS.any(Item::TAGS.any(Tag::NAME.eq("blue")))), [1, 2]);
    assert_eq!(items(&db, Item::TAGS.every(Tag::NAME.eq("red"))), [4, 2, 3]);
    let of_order = select::<Order>().filter(Order::LINES.any(Line::QTY.eq(2))).select(Order::NUMBER);
    assert_eq!(of_order.all(&db).unwrap(), [2]);
    let with_order = select::<Line>().filter(Line::ORDER.any(Order::NUMBER.eq(1))).select(Line::ID);
    assert_eq!(with_order.all(&db).unwrap(), [1, 3, 6]);
    assert_eq!(with_order.clone().iter(&db.snapshot()).collect::<Result<Vec<_>, _>>().unwrap(), [1, 3, 6]);
}

#[test]
fn as_values_they_are_never_none() {
    let db = shop();
    let has_vendor = || Item::VENDOR.any(Vendor::ID.gt(0));
    let rows = select::<Item>().select((Item::ID, has_vendor(), !has_vendor())).all(&db).unwrap();
    assert_eq!(rows[4], (3, Some(false), Some(true)), "a key of none");
    assert!(rows[..4].iter().all(|row| (row.1, row.2) == (Some(true), Some(false))));
    let sold = || Vendor::ITEMS.every(Item::QTY.gt(2));
    let sorted = select::<Vendor>().order_by((sold().desc(), Vendor::ID)).select((Vendor::ID, sold()));
    let expected = [(1, Some(true)), (3, Some(true)), (4, Some(true)), (2, Some(false))];
    assert_eq!(sorted.all(&db).unwrap(), expected);
    let groups = select::<Item>().group_by(has_vendor()).aggregate(count_of(has_vendor()));
    assert_eq!(groups.all(&db).unwrap(), [(Some(true), 4), (Some(false), 1)]);
    let joined = select::<Item>().join(Item::VENDOR).order_by(Item::ID);
    let equal = on(Item::TAGS.any(Tag::NAME.eq("blue"))).eq(on(Vendor::PARENT.any(Vendor::ID.gt(0))));
    assert_eq!(joined.select(equal).all(&db).unwrap(), [false, true, false, true].map(Some));
    let returned = update::<Item>().set(Item::QTY, 0).returning((Item::ID, has_vendor()));
    let returned = db.transaction(|s| returned.all(s)).unwrap();
    assert_eq!(returned.last(), Some(&(3, Some(false))));
}

#[test]
fn they_work_in_joins_cases_aggregates_and_write_statements() {
    let db = shop();
    let red = || Item::TAGS.any(Tag::NAME.eq("red"));
    let joined =
        select::<Item>().join(Item::VENDOR).filter(on(red()) & on(Vendor::PARENT.none(Vendor::ID.gt(0))));
    assert_eq!(joined.select(Item::ID).all(&db).unwrap(), [1, 2]);
    let colour = case().when(red(), "red").otherwise("none");
    assert_eq!(select::<Item>().select(colour).all(&db).unwrap(), ["none", "red", "none", "red", "none"]);
    assert_eq!(select::<Item>().filter(red()).aggregate(count(), &db).unwrap(), 2);
    assert_eq!(select::<Item>().filter(red()).union(select::<Item>().filter(red())).count(&db).unwrap(), 2);
    let by_vendor = select::<Item>().filter(red()).group_by(Item::VENDOR_ID).aggregate(count());
    assert_eq!(by_vendor.all(&db).unwrap(), [(Some(1), 2)]);
    let mut session = db.session();
    assert_eq!(update::<Item>().filter(red()).set(Item::QTY, 100).exec(&mut session).unwrap(), 2);
    assert_eq!(
        delete::<ItemTag>().filter(ItemTag::ITEM.any(Item::QTY.eq(100))).exec(&mut session).unwrap(),
        3
    );
    assert_eq!(select::<Item>().filter(red()).count(&session).unwrap(), 0, "a session sees its own writes");
}

#[test]
fn an_error_of_a_related_row_is_the_statements() {
    let db = shop();
    let fails =
        select::<Vendor>().filter(Vendor::ID.eq(4) & Vendor::ITEMS.any((Item::QTY / Item::QTY).eq(1)));
    let error = fails.all(&db).unwrap_err().to_string();
    assert_eq!(error, "division by zero in qty / qty = 1 of items 4");
}

#[test]
fn nesting_is_limited_by_an_error_and_not_by_the_stack() {
    on_small_stack(|| {
        let db = shop();
        let nested = |depth| (0..depth).fold(Vendor::ID.gt(0), |inner, _| Vendor::PARENT.every(inner));
        assert_eq!(vendors(&db, nested(16)).len(), 4);
        assert!(!nested(16).inspect().to_string().is_empty());
        let error = select::<Vendor>().filter(nested(10_000)).all(&db).unwrap_err();
        assert_eq!(error.to_string(), "queries nest deeper than 16");
    });
}

/// A generator of numbers that is the same on every machine.
struct Dice(u64);
impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Random rows: with few vendors each of them is looked up by key, with many the items are scanned.
pub fn random_shop(seed: u64) -> (Database, Vec<Vendor>, Vec<Item>, Vec<ItemTag>, Vec<Tag>) {
    let mut dice = Dice(seed);
    let vendor_count = [2, 5, 60][(seed % 3) as usize];
    let vendors: Vec<Vendor> = (1..=vendor_count)
        .map(|id| vendor(id, Some(dice.below(u64::from(id)) as u32).filter(|parent| *parent > 0)))
        .collect();
    let items: Vec<Item> = (1..=80)
        .map(|id| {
            let owner = Some(dice.below(u64::from(vendor_count) + 1) as u32).filter(|owner| *owner > 0);
            let mut item = item(id, owner, dice.below(10) as i64);
            item.price = item.price.filter(|_| dice.below(4) > 0);
            item
        })
        .collect();
    let tags: Vec<Tag> = (0..4).map(|n| tag(&format!("t{n}"), n)).collect();
    let mut links = Vec::new();
    for item in &items {
        links.extend(tags.iter().filter(|_| dice.below(3) == 0).map(|tag| link(item.id, &tag.name)));
    }
    let db = Database::new();
    db.transaction(|s| {
        s.add_all(vendors.clone())?;
        s.add_all(items.clone())?;
        s.add_all(tags.clone())?;
        s.add_all(links.clone())
    })
    .unwrap();
    (db, vendors, items, links, tags)
}

#[test]
fn random_rows_agree_with_loops() {
    for seed in 0..120 {
        let (db, all_vendors, all_items, links, tags) = random_shop(seed);
        let mut dice = Dice(seed + 1_000);
        let (limit, weight) = (dice.below(10) as i64, dice.below(4) as i64);
        let dear = |item: &Item| item.price.map(|price| price >= limit as f64);
        let tags_of = |item: &Item| -> Vec<&Tag> {
            let is_linked = |tag: &&Tag| links.iter().any(|l| l.item_id == item.id && l.tag_name == tag.name);
            tags.iter().filter(is_linked).collect()
        };
        let items_of = |vendor: &Vendor| {
            all_items.iter().filter(|item| item.vendor_id == Some(vendor.id)).collect::<Vec<_>>()
        };
        let expect = |test: &dyn Fn(&Vendor) -> bool| -> Vec<u32> {
            all_vendors.iter().filter(|vendor| test(vendor)).map(|vendor| vendor.id).collect()
        };
        let condition = || Item::PRICE.ge(limit as f64);
        let one = 1 + dice.below(all_vendors.len() as u64) as u32;
        let check = |name: &str, filter: Filter<Vendor>, test: &dyn Fn(&Vendor) -> bool| {
            assert_eq!(vendors(&db, filter.clone()), expect(test), "{name}, seed {seed}");
            assert_eq!(vendors(&db, !filter.clone()), expect(&|v| !test(v)), "not {name}, seed {seed}");
            // of one row: by its key
            let of_one = vendors(&db, Vendor::ID.eq(one) & filter.clone());
            assert_eq!(of_one, expect(&|v| v.id == one && test(v)), "{name} of {one}, seed {seed}");
            // the same with a filter that no index may cut short
            let unaided = vendors(&db, (Vendor::ID.map(|id| i64::from(*id)) + 0).gt(0) & filter);
            assert_eq!(unaided, expect(test), "{name} without index, seed {seed}");
        };
        check("any", Vendor::ITEMS.any(condition()), &|v| items_of(v).iter().any(|i| dear(i) == Some(true)));
        check("none", Vendor::ITEMS.none(condition()), &|v| {
            !items_of(v).iter().any(|i| dear(i) == Some(true))
        });
        check("every", Vendor::ITEMS.every(condition()), &|v| {
            items_of(v).iter().all(|i| dear(i) == Some(true))
        });
        let nested = Vendor::ITEMS.any(condition() & Item::TAGS.every(Tag::WEIGHT.le(weight)));
        check("nested", nested, &|v| {
            let passes = |i: &&Item| dear(i) == Some(true) && tags_of(i).iter().all(|t| t.weight <= weight);
            items_of(v).into_iter().any(|i| passes(&i))
        });
        check("parent", Vendor::PARENT.every(Vendor::ITEMS.none(condition())), &|v| {
            let parents = all_vendors.iter().filter(|parent| Some(parent.id) == v.parent_id);
            parents.into_iter().all(|parent| !items_of(parent).iter().any(|i| dear(i) == Some(true)))
        });
        // subqueries beside loops
        let in_list = |filter: Filter<Item>| select::<Item>().filter(filter).select(Item::VENDOR_ID);
        let owners: Vec<Option<u32>> =
            all_items.iter().filter(|i| dear(i) == Some(true)).map(|i| i.vendor_id).collect();
        let is_in = |v: &Vendor| owners.contains(&Some(v.id));
        assert_eq!(vendors(&db, Vendor::ID.in_(in_list(condition()))), expect(&is_in), "in, seed {seed}");
        let is_known = !owners.contains(&None);
        let not_in = vendors(&db, Vendor::ID.not_in(in_list(condition())));
        assert_eq!(not_in, expect(&|v| is_known && !is_in(v)), "not in, seed {seed}");
    }
}

#[test]
fn few_rows_ask_by_key_and_many_by_a_scan() {
    let db = random_shop(1).0;
    let asked = |filter| select::<Vendor>().filter(filter).explain(&db).unwrap().questions;
    assert_eq!(asked(Vendor::ITEMS.any(Item::ID.gt(0))), ["ITEMS any (id > 0): 5 of 5 keys, looked up"]);
    let db = random_shop(2).0;
    let asked = |filter| select::<Vendor>().filter(filter).explain(&db).unwrap().questions;
    assert_eq!(asked(Vendor::ITEMS.none(Item::ID.lt(0))), ["ITEMS none (id < 0): 0 keys, scan of items"]);
}

#[test]
fn few_keys_of_several_columns_are_looked_up_on_either_side() -> memorm::Result<()> {
    let db = Database::new();
    let shop = |i: u32| ["north", "south"][i as usize % 2].to_owned();
    db.transaction(|s| {
        s.add_all((0..20).map(|id| item(id, None, 0)))?;
        s.add_all((0..400).map(|number| Order { shop: shop(number), number }))?;
        s.add_all((0..800).map(|i: u32| Line {
            id: i.into(),
            shop: (!i.is_multiple_of(7)).then(|| shop(i / 2)),
            order_number: (!i.is_multiple_of(5)).then_some(i / 2),
            item_id: u64::from(i % 20),
            qty: i64::from(i % 50),
        }))
    })?;
    let (orders, lines) = (select::<Order>().all(&db)?, select::<Line>().all(&db)?);
    let belongs = |line: &Line, order: &Order| {
        line.shop.as_ref() == Some(&order.shop) && line.order_number == Some(order.number)
    };

    let with_dear = select::<Order>().filter(Order::LINES.any(Line::QTY.eq(3)));
    let has_dear = |order: &&Arc<Order>| lines.iter().any(|line| line.qty == 3 && belongs(line, order));
    assert_eq!(with_dear.all(&db)?, orders.iter().filter(has_dear).cloned().collect::<Vec<_>>());
    let explain = with_dear.explain(&db)?;
    assert_eq!((&*explain.access, explain.rows_seen), ("key orders.(shop, number)", explain.rows));

    let of_few = select::<Line>().filter(Line::ORDER.any(Order::NUMBER.lt(20)));
    let is_of_few = |line: &&Arc<Line>| orders.iter().any(|order| order.number < 20 && belongs(line, order));
    assert_eq!(of_few.all(&db)?, lines.iter().filter(is_of_few).cloned().collect::<Vec<_>>());
    let explain = of_few.explain(&db)?;
    assert_eq!((&*explain.access, explain.rows_seen), ("index lines.(shop, order_number)", explain.rows));

    let of_many = select::<Line>().filter(Line::ORDER.any(Order::NUMBER.lt(300)));
    assert_eq!(of_many.explain(&db)?.access, "scan of lines");
    let not_of_few = select::<Line>().filter(Line::ORDER.none(Order::NUMBER.lt(20))).count(&db)?;
    assert_eq!(not_of_few, lines.len() - of_few.count(&db)?);
    Ok(())
}

#[test]
fn few_keys_of_one_column_are_looked_up_on_either_side() -> memorm::Result<()> {
    let db = Database::new();
    let country = |id: u32| if id < 3 { "north" } else { "south" }.to_owned();
    db.transaction(|s| {
        s.add_all((1..=1_000).map(|id| Vendor { id, country: country(id), parent_id: None }))?;
        s.add_all((1..=1_000).map(|id| Item { id, vendor_id: Some(id as u32), qty: id as i64, price: None }))
    })?;
    let of_items = select::<Vendor>().filter(Vendor::ITEMS.any(Item::QTY.lt(5))).explain(&db)?;
    assert_eq!((&*of_items.access, of_items.rows_seen), ("key vendors.id", 4));
    let of_vendors = select::<Item>().filter(Item::VENDOR.any(Vendor::COUNTRY.eq("north"))).explain(&db)?;
    assert_eq!((&*of_vendors.access, of_vendors.rows_seen), ("index items.vendor_id", 2));
    Ok(())
}
