//! Groups: what `group_by(..).aggregate(..)` promises.
use memorm::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;

mod oracle;

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    cat: u32,
    name: Option<String>,
    qty: Option<i64>,
    price: f64,
    #[model(references(Vendor))]
    vendor_id: Option<u32>,
}

#[derive(Model, Clone, Debug)]
struct Vendor {
    #[model(primary_key)]
    id: u32,
    country: String,
}

fn item(id: u64, cat: u32, name: Option<&str>, qty: Option<i64>, price: f64) -> Item {
    Item { id, cat, name: name.map(str::to_owned), qty, price, vendor_id: None }
}

fn shop() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([Vendor { id: 1, country: "CA".into() }, Vendor { id: 2, country: "US".into() }])?;
        let rows = [
            item(1, 7, Some("b"), Some(4), 0.0),
            item(2, 9, None, None, f64::NAN),
            item(3, 7, Some("a"), Some(-1), -0.0),
            item(4, 8, None, Some(2), 2.5),
            item(5, 9, Some("b"), None, -f64::NAN),
        ];
        s.add_all(rows.into_iter().map(|row| Item { vendor_id: Some(1 + u32::from(row.id > 2)), ..row }))
    })?;
    Ok(db)
}

#[test]
fn groups_come_in_the_order_in_which_they_are_first_seen() -> memorm::Result<()> {
    let groups = select::<Item>().group_by(Item::CAT).aggregate((count(), Item::QTY.sum(), Item::QTY.avg()));
    let expected = [(7, (2, Some(3), Some(1.5))), (9, (2, None, None)), (8, (1, Some(2), Some(2.0)))];
    assert_eq!(groups.all(&shop()?)?, expected);
    Ok(())
}

#[test]
fn two_none_are_one_key() -> memorm::Result<()> {
    let groups = select::<Item>().group_by(Item::NAME).aggregate(count());
    let name = |s: &str| Some(s.to_owned());
    assert_eq!(groups.all(&shop()?)?, [(name("b"), 2), (None, 2), (name("a"), 1)]);
    Ok(())
}

#[test]
fn two_nan_are_one_key_and_so_are_the_zeros() -> memorm::Result<()> {
    let groups = select::<Item>().group_by(Item::PRICE).aggregate(count()).all(&shop()?)?;
    assert_eq!(groups.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [2, 2, 1]);
    assert!(groups[0].0 == 0.0 && groups[1].0.is_nan());
    let pairs = select::<Item>().group_by((Item::PRICE, Item::CAT)).aggregate(count()).all(&shop()?)?;
    assert_eq!(pairs.iter().map(|(key, n)| (key.1, *n)).collect::<Vec<_>>(), [(7, 2), (9, 2), (8, 1)]);
    Ok(())
}

#[test]
fn filter_and_limit_of_the_select_come_before_grouping() -> memorm::Result<()> {
    let rows = select::<Item>().filter(Item::CAT.ne(8)).order_by(Item::ID.desc()).limit(3);
    let groups = rows.group_by(Item::CAT).aggregate(Item::ID.first());
    assert_eq!(groups.all(&shop()?)?, [(9, Some(5)), (7, Some(3))]);
    Ok(())
}

#[test]
fn having_order_offset_and_limit_are_for_groups() -> memorm::Result<()> {
    let db = shop()?;
    let groups = select::<Item>().group_by(Item::CAT).aggregate((count(), Item::ID.max()));
    let pairs = groups.clone().having(|cat, (n, _)| *n > 1 && *cat > 0);
    assert_eq!(pairs.all(&db)?, [(7, (2, Some(3))), (9, (2, Some(5)))]);
    assert_eq!(pairs.clone().having(|cat, _| *cat != 7).count(&db)?, 1);
    let sorted = groups.order_by(|cat, (n, _)| (Reverse(*n), Reverse(*cat)));
    assert_eq!(sorted.select_cats(&db)?, [9, 7, 8]);
    assert_eq!(sorted.clone().offset(1).limit(1).select_cats(&db)?, [7]);
    assert_eq!(sorted.clone().limit(0).all(&db)?, []);
    Ok(())
}

trait SelectCats {
    fn select_cats(&self, db: &Database) -> memorm::Result<Vec<u32>>;
}
impl<A: 'static> SelectCats for Groups<u32, A> {
    fn select_cats(&self, db: &Database) -> memorm::Result<Vec<u32>> {
        Ok(self.all(db)?.into_iter().map(|(cat, _)| cat).collect())
    }
}

#[test]
fn none_and_nan_are_the_greatest_sort_keys_and_equal_ones_keep_their_order() -> memorm::Result<()> {
    let db = shop()?;
    let by_name = select::<Item>().group_by(Item::NAME).aggregate(count()).order_by(|name, _| name.clone());
    let names: Vec<_> = by_name.all(&db)?.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [Some("a".to_owned()), Some("b".to_owned()), None]);
    let by_price = select::<Item>().group_by(Item::PRICE).aggregate(count()).order_by(|price, _| *price);
    let prices: Vec<_> = by_price.all(&db)?.into_iter().map(|(price, _)| price).collect();
    assert!(prices[..2] == [0.0, 2.5] && prices[2].is_nan());
    let by_count = select::<Item>().group_by(Item::CAT).aggregate(count()).order_by(|_, n| Reverse(*n));
    assert_eq!(by_count.select_cats(&db)?, [7, 9, 8]);
    Ok(())
}

#[test]
fn every_terminal_speaks_of_groups() -> memorm::Result<()> {
    let db = shop()?;
    let groups = select::<Item>().group_by(Item::CAT).aggregate(count());
    assert_eq!((groups.count(&db)?, groups.exists(&db)?), (3, true));
    assert_eq!(groups.first(&db)?, Some((7, 2)));
    assert!(groups.one(&db).is_err());
    assert_eq!(groups.clone().having(|_, n| *n == 1).one(&db)?, (8, 1));
    assert_eq!(groups.clone().having(|_, n| *n > 9).one_or_none(&db)?, None);
    let first = &groups.mappings(&db)?[0];
    assert_eq!(first[0], ("cat".to_owned(), Value::Int(7)));
    assert_eq!(first[1], ("count(*)".to_owned(), Value::Wide(2)));
    let explained = groups.explain(&db)?;
    assert_eq!((explained.rows_seen, explained.rows), (5, 3));
    assert!(explained.access.ends_with(", group by cat"), "{}", explained.access);
    assert_eq!(groups.all_as::<Pair>(&db)?[0], Pair(7, 2));
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Pair(u32, u64);
impl From<(u32, u64)> for Pair {
    fn from((cat, n): (u32, u64)) -> Self {
        Self(cat, n)
    }
}

#[test]
fn a_table_without_rows_has_no_groups() -> memorm::Result<()> {
    let groups = select::<Item>().group_by(Item::CAT).aggregate((count(), Item::PRICE.median()));
    assert_eq!(groups.all(&Database::new())?, []);
    Ok(())
}

#[test]
fn the_error_is_that_of_the_first_row() -> memorm::Result<()> {
    let db = shop()?;
    let failing = (Item::ID.sum(), (Item::CAT / (Item::CAT - 8)).sum(), (Item::CAT % (Item::CAT - 9)).max());
    let error = select::<Item>().group_by(Item::NAME).aggregate(failing).all(&db).unwrap_err();
    assert_eq!(error.to_string(), "value out of range in cat / (cat - 8) of items 1");
    let key = select::<Item>().filter(Item::CAT.ge(8)).group_by(Item::CAT / (Item::CAT - 8));
    let error = key.aggregate((Item::CAT % (Item::CAT - 9)).max()).all(&db).unwrap_err();
    assert_eq!(error.to_string(), "division by zero in cat % (cat - 9) of items 2");
    Ok(())
}

#[test]
fn rows_of_a_join_are_grouped() -> memorm::Result<()> {
    let groups = select::<Item>()
        .join(Item::VENDOR)
        .group_by(Vendor::COUNTRY)
        .aggregate((count(), Item::QTY.sum(), Item::PRICE.avg()))
        .having(|_country, (n, ..)| *n > 1)
        .order_by(|_c, (n, ..)| Reverse(*n))
        .limit(5);
    let found = groups.all(&shop()?)?;
    let shown: Vec<_> = found.iter().map(|(country, (n, qty, _))| (&**country, *n, *qty)).collect();
    assert_eq!(shown, [("US", 3, Some(1)), ("CA", 2, Some(4))]);
    Ok(())
}

#[test]
fn a_statement_is_a_value() -> memorm::Result<()> {
    fn is_value<T: Clone + Send + Sync + std::fmt::Debug + 'static>(_: &T) {}
    let grouped = select::<Item>().group_by((Item::CAT, Item::NAME));
    is_value(&grouped);
    let groups = grouped.aggregate(count()).order_by(|(cat, _), n| (*n, *cat));
    is_value(&groups);
    let (db, mut live) = (shop()?, HashMap::new());
    let watched = db.live(groups.clone());
    db.transaction(|s| s.add(item(9, 7, None, None, 0.0)))?;
    live.extend(watched.rows());
    assert_eq!((live.len(), live[&(7, None)]), (groups.count(&db)?, 1));
    Ok(())
}
