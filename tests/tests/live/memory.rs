//! What live results hold, by the allocator's count.
use crate::models::{Item, item};
use allocation_counter::measure;
use memorm::prelude::*;

const ROWS: u64 = 20_000;

fn database() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..=ROWS).map(|id| item(id, (id % 100) as i64))))?;
    Ok(db)
}

/// Bytes for each row that `live` holds.
fn bytes_a_row<T>(live: impl FnOnce() -> Live<T>) -> f64 {
    let mut held = None;
    let bytes = measure(|| held = Some(live())).bytes_current;
    assert!(held.is_some_and(|live| live.is_incremental()));
    bytes as f64 / ROWS as f64
}

#[test]
fn row_ids_are_what_is_kept_of_a_row() -> memorm::Result<()> {
    let db = database()?;
    let plain = bytes_a_row(|| db.live(select::<Item>()));
    let grouped = bytes_a_row(|| db.live(select::<Item>().group_by(Item::GROUP).aggregate(Item::ID.sum())));
    let sorted = bytes_a_row(|| db.live(select::<Item>().order_by(Item::PRICE).limit(10)));
    assert!(plain < 7.0 && grouped < 10.0 && sorted < 200.0, "{plain} {grouped} {sorted} bytes a row");
    Ok(())
}

#[test]
fn a_copy_for_a_fork_shares_what_is_kept() -> memorm::Result<()> {
    let db = database()?;
    let plain = db.live(select::<Item>());
    let sorted = db.live(select::<Item>().order_by(Item::PRICE).limit(10));
    let grouped = db.live(select::<Item>().group_by(Item::GROUP).aggregate(Item::PRICE.max()));
    let fork = db.fork();
    fork.transaction(|s| s.update::<Item>(7, |item| item.price = 1e9))?;
    let copied = measure(|| {
        let (plain, sorted, grouped) = (plain.on(&fork), sorted.on(&fork), grouped.on(&fork));
        assert_eq!((plain.count().ok(), sorted.count().ok()), (Some(ROWS as usize), Some(10)));
        assert_eq!(grouped.rows()[6], (7, Some(1e9)));
    });
    assert!(copied.bytes_max < 50_000, "{} bytes", copied.bytes_max);
    Ok(())
}

#[test]
fn nothing_is_kept_of_rows_that_left() -> memorm::Result<()> {
    let db = database()?;
    let sorted = db.live(select::<Item>().order_by(Item::PRICE).limit(10));
    let plain = db.live(select::<Item>());
    let grouped = db.live(select::<Item>().group_by(Item::PRICE).aggregate(count_distinct(Item::PRICE)));
    let come_and_go = || {
        for id in 1..=200 {
            let work = |s: &mut Session| {
                s.add_all((0..20).map(|n| item(ROWS + id * 20 + n, 500 + n as i64))).map(drop)
            };
            db.transaction(work).expect("the keys are new");
            assert_eq!((plain.count().ok(), grouped.rows().len()), (Some(ROWS as usize + 20), 120));
            assert_eq!(sorted.count().ok(), Some(10));
            let work = |s: &mut Session| delete::<Item>().filter(Item::ID.gt(ROWS)).exec(s);
            assert_eq!(db.transaction(work).ok(), Some(20));
            assert_eq!((plain.count().ok(), grouped.rows().len()), (Some(ROWS as usize), 100));
            assert_eq!(sorted.count().ok(), Some(10));
        }
    };
    come_and_go();
    db.stats();
    let left = measure(|| {
        come_and_go();
        db.stats();
    });
    assert!(left.bytes_current < 20_000, "{} bytes of 4,000 rows", left.bytes_current);
    Ok(())
}
