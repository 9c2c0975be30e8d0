//! What a live result of groups promises, one by one.
use crate::models::{Document, Item, Sale, item};
use memorm::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

fn groups(numbers: &[i64]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..).zip(numbers).map(|(id, group)| item(id, *group))))?;
    Ok(db)
}

#[test]
fn groups_are_kept_where_all_rows_are_grouped() -> memorm::Result<()> {
    let db = groups(&[1, 2, 1])?;
    let all = || select::<Item>().filter(Item::GROUP.gt(0));
    assert!(db.live(all().group_by(Item::GROUP).aggregate(count()).limit(1)).is_incremental());
    let sorted = db.live(all().order_by(Item::ID.desc()).group_by(Item::GROUP).aggregate(Item::ID.first()));
    let limited = db.live(all().limit(2).group_by(Item::GROUP).aggregate(count()));
    let skipping = db.live(all().offset(1).group_by(Item::GROUP).aggregate(count()));
    let asked = db.live(all().filter(exists(all())).group_by(Item::GROUP).aggregate(count()));
    assert!(
        sorted.is_incremental()
            && !limited.is_incremental()
            && !skipping.is_incremental()
            && !asked.is_incremental()
    );
    db.transaction(|s| s.delete_by_key::<Item>(3))?;
    assert_eq!((sorted.rows(), limited.rows()), (vec![(2, Some(2)), (1, Some(1))], vec![(1, 1), (2, 1)]));
    Ok(())
}

#[test]
fn a_group_comes_with_its_first_row_and_leaves_with_its_last() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>().group_by(Item::GROUP).aggregate(count()));
    db.transaction(|s| s.add(item(3, 5)))?;
    assert_eq!((live.rows(), live.count()?), (vec![(1, 1), (2, 1), (5, 1)], 3));
    db.transaction(|s| s.update::<Item>(1, |i| i.group = 5))?;
    assert_eq!(live.rows(), [(5, 2), (2, 1)]);
    db.clear();
    assert_eq!((live.rows(), live.count()?), (vec![], 0));
    Ok(())
}

#[test]
fn the_key_that_is_shown_is_the_one_of_the_first_row() -> memorm::Result<()> {
    let db = groups(&[0, 0])?;
    db.transaction(|s| s.update::<Item>(2, |i| i.price = -0.0))?;
    let live = db.live(select::<Item>().group_by(Item::PRICE).aggregate(count()));
    let show = || live.rows().iter().map(|(price, n)| (price.is_sign_negative(), *n)).collect::<Vec<_>>();
    assert_eq!(show(), [(false, 2)]);
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(show(), [(true, 1)]);
    db.transaction(|s| s.update::<Item>(2, |i| i.price = 0.0))?;
    assert_eq!(show(), [(false, 1)]);
    Ok(())
}

#[test]
fn a_document_is_shown_as_it_looks_by_now() -> memorm::Result<()> {
    let document = |id, data| Document { id, group: 1, data };
    let db = Database::new();
    db.transaction(|s| s.add_all([document(1, json!(1)), document(2, json!(2))]))?;
    let query = select::<Document>().group_by(Document::GROUP).aggregate(Document::DATA.first());
    let live = db.live(query);
    let shown = || live.rows()[0].1.as_ref().map(|data| data.to_string());
    assert_eq!(shown().as_deref(), Some("1"));
    db.transaction(|s| s.update::<Document>(1, |document| document.data = json!(1.0)))?;
    assert_eq!(shown().as_deref(), Some("1.0"));
    Ok(())
}

#[test]
fn a_row_that_a_closure_no_longer_lets_in_leaves_its_group() -> memorm::Result<()> {
    let db = groups(&[1, 1])?;
    let cheap = select::<Item>().filter_with(|item| item.price < 5.0);
    let live = db.live(cheap.group_by(Item::GROUP).aggregate(count()));
    assert!(live.is_incremental());
    assert_eq!(live.rows(), [(1, 2)]);
    // no other part of the query reads the price
    db.transaction(|s| s.update::<Item>(1, |i| i.price = 9.0))?;
    assert_eq!(live.rows(), [(1, 1)]);
    Ok(())
}

#[test]
fn an_error_of_a_group_lasts_as_long_as_its_row() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let query = select::<Item>().group_by(Item::GROUP).aggregate((Item::GROUP / Item::DIVISOR).last());
    let live = db.live(query.clone());
    db.transaction(|s| s.update::<Item>(1, |i| i.divisor = 0))?;
    db.transaction(|s| s.add(item(3, 1)))?;
    assert_eq!(live.try_rows().unwrap_err().to_string(), query.all(&db).unwrap_err().to_string());
    assert!(live.rows().is_empty() && live.count().is_err());
    db.transaction(|s| s.update::<Item>(1, |i| i.divisor = 1))?;
    assert_eq!(live.try_rows()?, [(1, Some(1)), (2, Some(2))]);
    Ok(())
}

#[test]
fn a_sum_that_overflows_lasts_as_long_as_its_rows() -> memorm::Result<()> {
    let sale = |id, wide| Sale {
        id,
        shop: None,
        day: 1,
        qty: None,
        price: 0.0,
        tax: Decimal::ZERO,
        wide,
        divisor: 1,
    };
    let db = Database::new();
    db.transaction(|s| s.add_all([sale(1, i128::MAX), sale(2, 0)]))?;
    let query = select::<Sale>().group_by(Sale::DAY).aggregate(Sale::WIDE.sum());
    let live = db.live(query.clone());
    assert_eq!(live.try_rows()?, [(1, Some(i128::MAX))]);
    db.transaction(|s| s.update::<Sale>(2, |sale| sale.wide = i128::MAX))?;
    assert_eq!(live.try_rows().unwrap_err().to_string(), query.all(&db).unwrap_err().to_string());
    db.transaction(|s| s.delete_by_key::<Sale>(1))?;
    assert_eq!(live.try_rows()?, [(1, Some(i128::MAX))]);
    Ok(())
}

/// A group key that is another one at each look.
fn lie() -> impl Fn(&i64) -> i64 + Send + Sync {
    let looks = Arc::new(AtomicI64::new(0));
    move |group| group + looks.fetch_add(1, Ordering::Relaxed) % 3
}

#[test]
fn closures_that_lie_do_no_harm_to_others() -> memorm::Result<()> {
    let db = groups(&[1, 2, 3, 4])?;
    let by_key =
        db.live(select::<Item>().group_by(Item::GROUP.map(lie())).aggregate((count(), Item::PRICE.sum())));
    let passes = lie();
    let by_filter = select::<Item>().filter_with(move |item| passes(&item.group) > 2);
    let by_filter = db.live(by_filter.group_by(Item::GROUP).aggregate((
        (Item::PRICE + Item::PRICE / 2.0).sum(),
        Item::NOTE.coalesce("none").upper().min(),
        (Item::GROUP * Item::DIVISOR + 1).last(),
        (Item::PRICE * 2.0).median(),
    )));
    let of_values = Item::GROUP.map(lie());
    let of_values = db.live(select::<Item>().group_by(Item::DIVISOR).aggregate((
        of_values.clone().sum(),
        of_values.clone().max(),
        count_distinct(of_values),
    )));
    let honest = db.live(select::<Item>().group_by(Item::GROUP).aggregate(count()));
    for step in 0..200 {
        let id = 1 + step % 7;
        db.transaction(|s| match step % 3 {
            0 => s.delete_by_key::<Item>(id).map(drop),
            _ => s.merge(item(id, (step % 5) as i64)).map(drop),
        })?;
        // what they give is unspecified
        let asked = (by_key.try_rows().is_ok(), by_filter.try_rows().is_ok(), of_values.try_rows().is_ok());
        assert_eq!(asked, (true, true, true));
        assert_eq!(honest.rows(), select::<Item>().group_by(Item::GROUP).aggregate(count()).all(&db)?);
    }
    Ok(())
}

/// A number that closures read, and that changes while results live.
fn setting() -> (Arc<AtomicI64>, impl Fn() -> i64 + Clone + Send + Sync) {
    let setting = Arc::new(AtomicI64::new(0));
    let read = setting.clone();
    (setting, move || read.load(Ordering::Relaxed))
}

#[test]
fn all_is_read_anew_where_a_key_that_changed_its_mind_misses_a_row() -> memorm::Result<()> {
    let db = groups(&[1, 2, 3])?;
    let (setting, now) = setting();
    let key = Item::GROUP.map(move |group| group * 10 + now());
    let live = db.live(select::<Item>().group_by(key.clone()).aggregate(count()));
    let sorted = db.live(select::<Item>().order_by(Item::ID.desc()).group_by(key).aggregate(count()));
    assert_eq!(live.rows(), [(10, 1), (20, 1), (30, 1)]);
    setting.store(5, Ordering::Relaxed);
    db.transaction(|s| s.delete_by_key::<Item>(2))?;
    assert_eq!((live.rows(), sorted.rows()), (vec![(15, 1), (35, 1)], vec![(35, 1), (15, 1)]));
    Ok(())
}

#[test]
fn all_is_read_anew_where_a_filter_that_changed_its_mind_lets_a_row_in_twice() -> memorm::Result<()> {
    let db = groups(&[1, 1, 1])?;
    let (setting, now) = setting();
    let dear = select::<Item>().filter_with(move |item| item.price >= now() as f64);
    let live = db.live(dear.clone().group_by(Item::GROUP).aggregate(Item::ID.sum()));
    let sorted = db.live(dear.order_by(Item::NOTE).group_by(Item::GROUP).aggregate(Item::ID.sum()));
    assert_eq!((live.rows(), sorted.rows()), (vec![(1, Some(6))], vec![(1, Some(6))]));
    setting.store(5, Ordering::Relaxed);
    db.transaction(|s| s.update::<Item>(2, |i| i.price = 9.0))?;
    assert_eq!((live.rows(), sorted.rows()), (vec![(1, Some(2))], vec![(1, Some(2))]));
    Ok(())
}
