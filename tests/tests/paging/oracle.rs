//! Random rows, orders, filters and keys: a page is what stands behind the row in a sorted list.
use super::models::{Bare, Item};
use memorm::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cmp::Ordering;

type Row = (i64, Option<i64>, u8, i8);

/// A sort key: which column, descending, where `None` goes.
pub type By = (u8, bool, Option<bool>);

pub fn row() -> impl Strategy<Value = Row> {
    (0..6i64, proptest::option::weighted(0.7, 0..4i64), 0..3u8, -2..3i8)
}

fn by() -> impl Strategy<Value = By> {
    (0..6u8, any::<bool>(), proptest::option::weighted(0.3, any::<bool>()))
}

fn name(number: u8) -> String {
    ["", "a", "ä"][usize::from(number)].to_owned()
}

fn weight(number: i8) -> f64 {
    if number == 2 { f64::NAN } else { f64::from(number) / 2.0 }
}

/// The rows, in an order of keys that is not theirs.
pub fn stock(rows: &[Row]) -> Vec<Item> {
    let item = |(i, (price, rank, text, number)): (usize, &Row)| Item {
        id: (i as i64 * 7 + 3) % 101,
        price: *price,
        rank: *rank,
        name: name(*text),
        weight: weight(*number),
        shelf_id: 1,
    };
    rows.iter().enumerate().map(item).collect()
}

macro_rules! order {
    ($M:ident, $by:expr) => {{
        let terms = $by.iter().map(|(column, descending, nulls)| {
            let term = match (column, descending) {
                (0, false) => $M::PRICE.asc(),
                (0, true) => $M::PRICE.desc(),
                (1, false) => $M::RANK.asc(),
                (1, true) => $M::RANK.desc(),
                (2, false) => $M::NAME.asc(),
                (2, true) => $M::NAME.desc(),
                (3, false) => $M::WEIGHT.asc(),
                (3, true) => $M::WEIGHT.desc(),
                (4, false) => ($M::PRICE % 2).asc(),
                (4, true) => ($M::PRICE % 2).desc(),
                (_, false) => $M::ID.asc(),
                (_, true) => $M::ID.desc(),
            };
            match nulls {
                Some(true) => term.nulls_first(),
                Some(false) => term.nulls_last(),
                None => term,
            }
        });
        terms.collect::<Vec<_>>()
    }};
}

pub(crate) use order;

macro_rules! filtered {
    ($M:ident, $filter:expr) => {
        match $filter {
            0 => select::<$M>(),
            1 => select::<$M>().filter($M::PRICE.gt(2)),
            2 => select::<$M>().filter($M::RANK.lt(2)),
            3 => select::<$M>().filter($M::NAME.eq("a") & $M::PRICE.le(4)),
            4 => select::<$M>().filter_with(|item| item.price % 2 == 0),
            _ => select::<$M>().filter($M::PRICE.between(1, 3) & $M::RANK.is_some()),
        }
    };
}

fn passes(item: &Item, filter: u8) -> bool {
    match filter {
        0 => true,
        1 => item.price > 2,
        2 => item.rank.is_some_and(|rank| rank < 2),
        3 => item.name == "a" && item.price <= 4,
        4 => item.price % 2 == 0,
        _ => (1..=3).contains(&item.price) && item.rank.is_some(),
    }
}

fn compare(a: &Item, b: &Item, order: &[By]) -> Ordering {
    let one = |(column, descending, nulls): &By| {
        let by_value = match column {
            0 => a.price.cmp(&b.price),
            1 => match (a.rank, b.rank) {
                (Some(a), Some(b)) => a.cmp(&b),
                (None, None) => return Ordering::Equal,
                (a, _) => {
                    let is_first = a.is_none() == nulls.unwrap_or(*descending);
                    return if is_first { Ordering::Less } else { Ordering::Greater };
                }
            },
            2 => a.name.cmp(&b.name),
            3 => a.weight.partial_cmp(&b.weight).unwrap_or_else(|| a.weight.is_nan().cmp(&b.weight.is_nan())),
            4 => (a.price % 2).cmp(&(b.price % 2)),
            _ => a.id.cmp(&b.id),
        };
        if *descending { by_value.reverse() } else { by_value }
    };
    order.iter().map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// What stands behind the row with this key.
fn expected(rows: &[Item], order: &[By], filter: u8, key: i64) -> Vec<i64> {
    let mut sorted: Vec<&Item> = rows.iter().collect();
    sorted.sort_by(|a, b| compare(a, b, order));
    let at = sorted.iter().position(|item| item.id == key).expect("a row of the table");
    sorted[at + 1..].iter().filter(|item| passes(item, filter)).map(|item| item.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_is_what_stands_behind_its_row(
        rows in vec(row(), 1..60),
        order in vec(by(), 0..4),
        filter in 0..6u8,
        pick in any::<prop::sample::Index>(),
        limit in proptest::option::of(0..8usize),
        offset in 0..3usize,
    ) {
        let items = stock(&rows);
        let db = Database::new();
        db.transaction(|s| {
            s.add_all(items.iter().cloned())?;
            s.add_all(items.iter().cloned().map(|i| Bare {
                id: i.id, price: i.price, rank: i.rank, name: i.name, weight: i.weight, shelf_id: i.shelf_id,
            }))
        })?;
        let key = items[pick.index(items.len())].id;
        let behind = expected(&items, &order, filter, key);
        let page: Vec<i64> =
            behind.iter().copied().skip(offset).take(limit.unwrap_or(usize::MAX)).collect();
        let with = filtered!(Item, filter).order_by(order!(Item, order)).after(key).offset(offset);
        let bare = filtered!(Bare, filter).order_by(order!(Bare, order)).after(key).offset(offset);
        let (with, bare) = match limit {
            Some(limit) => (with.limit(limit), bare.limit(limit)),
            None => (with, bare),
        };
        prop_assert_eq!(with.clone().select(Item::ID).all(&db)?, page.clone());
        prop_assert_eq!(bare.select(Bare::ID).all(&db)?, page.clone());
        prop_assert_eq!(with.count(&db)?, page.len());
        // behind a projection, asked by another statement, and kept up to date
        let whole = filtered!(Item, filter).order_by(order!(Item, order));
        let projected = whole.select(Item::ID).after::<Item>(key).offset(offset);
        let projected = match limit {
            Some(limit) => projected.limit(limit),
            None => projected,
        };
        prop_assert_eq!(projected.all(&db)?, page.clone());
        let among = select::<Item>().filter(Item::ID.in_(with.clone().select(Item::ID)));
        prop_assert_eq!(among.count(&db)?, page.len());
        prop_assert_eq!(db.live(with.select(Item::ID)).rows(), page);
    }

    #[test]
    fn pages_put_together_are_the_statement(
        rows in vec(row(), 1..60),
        order in vec(by(), 0..4),
        filter in 0..6u8,
        size in 1..7usize,
    ) {
        let db = Database::new();
        db.transaction(|s| s.add_all(stock(&rows)))?;
        let query = filtered!(Item, filter).order_by(order!(Item, order));
        let mut read: Vec<i64> = Vec::new();
        loop {
            let page = match read.last() {
                Some(last) => query.clone().after(*last).limit(size),
                None => query.clone().limit(size),
            };
            let page = page.select(Item::ID).all(&db)?;
            if page.is_empty() {
                break;
            }
            read.extend(page);
        }
        prop_assert_eq!(read, query.select(Item::ID).all(&db)?);
    }

    #[test]
    fn a_page_of_a_set_is_what_stands_behind_its_row_there(
        rows in vec(row(), 1..40),
        order in vec(by(), 0..3),
        filters in (0..6u8, 0..6u8, 0..6u8),
        kind in 0..4u8,
        pick in any::<prop::sample::Index>(),
    ) {
        let db = Database::new();
        db.transaction(|s| s.add_all(stock(&rows)))?;
        let (a, b) = (filtered!(Item, filters.0), filtered!(Item, filters.1));
        let set = match kind {
            0 => a.union(b),
            1 => a.union_all(b),
            2 => a.intersect(b),
            _ => a.except(b),
        };
        let rows = set.all(&db)?;
        prop_assume!(!rows.is_empty());
        let key = rows[pick.index(rows.len())].id;
        let mut sorted: Vec<&Item> = rows.iter().map(|row| &**row).collect();
        sorted.sort_by(|a, b| compare(a, b, &order));
        let at = sorted.iter().position(|item| item.id == key).expect("a row of the set");
        let behind: Vec<i64> =
            sorted[at + 1..].iter().filter(|item| passes(item, filters.2)).map(|item| item.id).collect();
        let page = match filters.2 {
            0 => set.order_by(order!(Item, order)).after(key),
            1 => set.filter(Item::PRICE.gt(2)).order_by(order!(Item, order)).after(key),
            2 => set.filter(Item::RANK.lt(2)).order_by(order!(Item, order)).after(key),
            3 => set.filter(Item::NAME.eq("a") & Item::PRICE.le(4)).order_by(order!(Item, order)).after(key),
            4 => set.filter_with(|item| item.price % 2 == 0).order_by(order!(Item, order)).after(key),
            _ => set.filter(Item::PRICE.between(1, 3) & Item::RANK.is_some()).order_by(order!(Item, order)).after(key),
        };
        prop_assert_eq!(page.select(Item::ID).all(&db)?, behind);
    }
}
