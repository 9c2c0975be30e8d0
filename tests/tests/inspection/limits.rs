//! `max_rows`, `max_bytes`, `statement_limit`.
use crate::models::{Item, Vendor};
use memorm::Error;
use memorm::prelude::*;
use std::time::Duration;

const ROWS: usize = 3_000;

fn filled(builder: Builder) -> memorm::Result<Database> {
    let db = builder.build();
    db.transaction(|s| {
        let vendor = s.add(Vendor::new("acme"))?;
        s.add_all((0..ROWS).map(|n| Item::new(format!("{n}"), vendor.id, n as f64)))
    })?;
    Ok(db)
}

fn refusal<T>(result: memorm::Result<T>) -> Option<String> {
    match result {
        Err(error @ Error::LimitExceeded { .. }) => Some(error.to_string()),
        _ => None,
    }
}

#[test]
fn max_rows_stops_what_gives_holds_or_changes_more_rows() -> memorm::Result<()> {
    let db = filled(Database::builder().max_rows(100))?;
    let too_many = Some("statement on items takes more than 100 rows".to_owned());
    assert_eq!(refusal(select::<Item>().all(&db)), too_many);
    assert_eq!(
        refusal(select::<Item>().order_by(Item::NOTE).limit(5).all(&db)),
        too_many,
        "a sort holds all"
    );
    let mut session = db.session();
    assert_eq!(refusal(update::<Item>().set(Item::PRICE, 0.0).exec(&mut session)), too_many);
    assert_eq!(refusal(delete::<Item>().exec(&mut session)), too_many);
    let rows = (0..101).map(|n| Item::new(format!("x{n}"), 1, 0.0)).collect::<Vec<_>>();
    assert_eq!(refusal(insert::<Item>().rows(rows).exec(&mut session)), too_many);
    assert!(session.changes().is_empty(), "all or nothing");
    Ok(())
}

#[test]
fn max_rows_lets_pass_what_holds_no_more() -> memorm::Result<()> {
    let db = filled(Database::builder().max_rows(100))?;
    assert_eq!(select::<Item>().limit(100).all(&db)?.len(), 100);
    assert_eq!(select::<Item>().filter(Item::PRICE.lt(100)).all(&db)?.len(), 100);
    assert_eq!(select::<Item>().count(&db)?, ROWS);
    assert_eq!(select::<Item>().aggregate(count(), &db)?, ROWS as u64);
    let snapshot = db.snapshot();
    assert_eq!(select::<Item>().iter(&snapshot).count(), ROWS);
    assert_eq!(update::<Item>().filter(Item::ID.le(100)).set(Item::PRICE, 0.0).exec(&mut db.session())?, 100);
    Ok(())
}

#[test]
fn max_bytes_counts_the_structs_of_the_result() -> memorm::Result<()> {
    let db = filled(Database::builder().max_bytes(64_000))?;
    assert_eq!(select::<Item>().all(&db)?.len(), ROWS, "a pointer a row");
    let wide = select::<Item>().select((Item::ID, Item::SKU, Item::PRICE, Item::NOTE));
    assert_eq!(refusal(wide.all(&db)), Some("statement on items takes more than 64000 bytes".to_owned()));
    assert_eq!(wide.limit(500).all(&db)?.len(), 500);
    Ok(())
}

#[test]
fn statement_limit_stops_reads_and_writes_that_take_longer() -> memorm::Result<()> {
    let db = filled(Database::builder().statement_limit(Duration::ZERO))?;
    let too_long = Some("statement on items takes more than 0ns".to_owned());
    assert_eq!(refusal(select::<Item>().count(&db)), too_long);
    assert_eq!(refusal(select::<Item>().aggregate(Item::PRICE.sum(), &db)), too_long);
    assert_eq!(refusal(update::<Item>().set(Item::PRICE, 0.0).exec(&mut db.session())), too_long);
    let snapshot = db.snapshot();
    assert_eq!(select::<Item>().iter(&snapshot).find_map(refusal), too_long);
    let patient = filled(Database::builder().statement_limit(Duration::from_secs(3_600)))?;
    assert_eq!(select::<Item>().all(&patient)?.len(), ROWS);
    Ok(())
}

#[test]
fn limits_hold_on_sessions_snapshots_forks_and_after_clear() -> memorm::Result<()> {
    let db = filled(Database::builder().max_rows(100))?;
    assert!(refusal(select::<Item>().all(&db.snapshot())).is_some());
    assert!(refusal(select::<Item>().all(&db.session())).is_some());
    assert!(refusal(select::<Item>().all(&db.fork())).is_some());
    db.clear();
    db.transaction(|s| s.add_all((0..200).map(|n| Vendor::new(format!("{n}")))))?;
    assert!(refusal(select::<Vendor>().all(&db)).is_some());
    Ok(())
}
