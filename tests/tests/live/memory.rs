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
