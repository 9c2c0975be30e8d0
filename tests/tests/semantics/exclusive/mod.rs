//! The direct path: each call straight into the newest version, one version at the end, constraints and indexes kept.
mod edits;
mod statements;
mod told;

use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors", constructor = new)]
struct Vendor {
    #[model(primary_key, auto)]
    id: u32,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new, check = is_sane)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    sku: String,
    #[model(index)]
    price: f64,
    qty: i64,
    #[model(references(Vendor))]
    vendor_id: u32,
    #[model(version)]
    revision: u32,
}

/// Nothing of it is indexed but the key, and memorm fills nothing: statements write in place.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "cells", check = is_small)]
struct Cell {
    #[model(primary_key)]
    id: u64,
    value: i64,
    note: Option<String>,
    small: i8,
}

fn is_sane(item: &Item) -> Result<(), &'static str> {
    if item.qty < 0 { Err("qty is negative") } else { Ok(()) }
}

fn is_small(cell: &Cell) -> Result<(), &'static str> {
    match cell.value {
        1_000 => Err("too large"),
        1_001 => panic!("the check panics"),
        _ => Ok(()),
    }
}

fn shop() -> Database {
    let db = Database::new();
    let fill = db.transaction(|s| {
        s.add_all([Vendor::new("acme"), Vendor::new("globex")])?;
        s.add_all([("A", 1.0), ("B", 2.0), ("C", 3.0)].map(|(sku, price)| Item::new(sku, price, 5, 1)))?;
        s.add_all((1..=100).map(|id| Cell { id, value: id as i64, note: None, small: 1 }))
    });
    fill.expect("the rows keep all rules");
    db
}

fn skus(source: &impl memorm::session::Source, price: f64) -> memorm::Result<Vec<String>> {
    select::<Item>().filter(Item::PRICE.eq(price)).select(Item::SKU).all(source)
}

#[test]
fn all_calls_together_are_one_version() -> memorm::Result<()> {
    let mut db = shop();
    let before = db.version();
    let mut hot = db.exclusive()?;
    hot.update::<Item>(1, |item| item.qty += 1)?;
    hot.add(Item::new("D", 4.0, 1, 2))?;
    hot.add_all([Vendor::new("initech"), Vendor::new("hooli")])?;
    hot.delete_by_key::<Item>(2)?;
    update::<Cell>().set(Cell::VALUE, Cell::VALUE + 1).exec(&mut hot)?;
    drop(hot);
    assert_eq!(db.version(), Version(before.0 + 1));
    db.assert_consistent();
    drop(db.exclusive()?);
    assert_eq!(db.version(), Version(before.0 + 1), "nothing was written");
    Ok(())
}

#[test]
fn it_sees_its_own_writes_and_a_snapshot_of_before_does_not() -> memorm::Result<()> {
    let mut db = shop();
    let before = db.snapshot();
    let held = before.get::<Item>(1).expect("it is there");
    let mut hot = db.exclusive()?;
    let new = hot.update::<Item>(1, |item| item.price = 9.0)?;
    assert_eq!((new.price, new.revision), (9.0, 2));
    assert_eq!(skus(&hot, 9.0)?, ["A"]);
    assert!(skus(&hot, 1.0)?.is_empty());
    assert_eq!((held.price, before.peek::<Item>(1).map(|i| i.price)), (1.0, Some(1.0)));
    assert_eq!(skus(&before, 1.0)?, ["A"]);
    hot.update::<Item>(1, |item| item.price = 10.0)?;
    assert_eq!(new.price, 9.0, "objects that somebody holds are frozen");
    assert_eq!(hot.refresh(&new).map(|i| i.price), Some(10.0));
    drop(hot);
    before.assert_consistent();
    db.assert_consistent();
    Ok(())
}

#[test]
fn it_is_busy_while_a_session_is_open() -> memorm::Result<()> {
    let mut db = shop();
    let (one, other) = (db.session(), db.session());
    assert!(matches!(db.exclusive(), Err(Error::Busy { sessions: 2 })));
    drop(one);
    assert!(matches!(db.try_exclusive(), Err(Error::Busy { sessions: 1 })));
    drop(other);
    let hot = db.try_exclusive()?;
    assert!(matches!(db.try_exclusive(), Err(Error::Busy { sessions: 1 })));
    drop(hot);
    drop(db.exclusive()?);
    assert_eq!(db.session().commit()?, db.version());
    Ok(())
}

#[test]
fn others_read_the_version_before_and_commit_nothing_meanwhile() -> memorm::Result<()> {
    let db = Arc::new(shop());
    let mut hot = db.try_exclusive()?;
    hot.update::<Item>(1, |item| item.qty = 50)?;
    let mut session = db.session();
    assert_eq!(session.get::<Item>(1).map(|i| i.qty), Some(5));
    session.update::<Item>(2, |item| item.qty = 6)?;
    assert!(matches!(session.commit(), Err(Error::Busy { .. })));
    drop(hot);
    assert_eq!(db.snapshot().get::<Item>(1).map(|i| i.qty), Some(50));
    session.commit()?;
    assert_eq!(select::<Item>().select(Item::QTY).all(&db)?, [50, 6, 5]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn nothing_but_clear_publishes_meanwhile_nor_waits() -> memorm::Result<()> {
    let db = Database::builder().history(9).build();
    db.transaction(|s| s.add(Vendor::new("acme")))?;
    db.checkpoint("here");
    let (before, fork) = (db.snapshot(), db.fork());
    fork.transaction(|s| s.add(Vendor::new("initech")))?;
    let mut hot = db.try_exclusive()?;
    hot.add(Vendor::new("globex"))?;
    let busy = |result: memorm::Result<Version>| matches!(result, Err(Error::Busy { .. }));
    assert!(busy(db.undo()) && busy(db.redo()) && busy(db.restore("here")));
    assert!(busy(db.merge(&before, &fork.snapshot(), Resolve::Fail).map(|merged| merged.version)));
    assert!(matches!(db.register::<Item>(), Err(Error::Busy { .. })));
    drop(hot);
    db.undo()?;
    db.merge(&before, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(select::<Vendor>().select(Vendor::NAME).all(&db)?, ["acme", "initech"]);
    Ok(())
}

#[test]
fn what_publishes_by_itself_waits_for_its_end() -> memorm::Result<()> {
    let db = shop();
    let mut hot = db.try_exclusive()?;
    std::thread::scope(|scope| {
        let clear = scope.spawn(|| db.clear());
        hot.update::<Item>(1, |item| item.qty = 50)?;
        let before = select::<Item>().count(&hot)?;
        drop(hot);
        let cleared = clear.join().expect("it does not panic");
        assert_eq!((before, cleared), (3, db.version()));
        assert_eq!(select::<Item>().count(&db)?, 0);
        Ok(())
    })
}

#[test]
fn merge_and_upsert_write_through() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let cell = |id, value| Cell { id, value, note: None, small: 1 };
    hot.merge(cell(1, 90))?;
    hot.merge(cell(200, 91))?;
    hot.upsert(cell(1, 5), |old, new| old.value += new.value)?;
    hot.upsert_on(Item::SKU, Item::new("A", 0.0, 2, 1), |old, new| old.qty += new.qty)?;
    let first = hot.get_one::<Cell>(200)?;
    assert!(hot.delete(&first)? && !hot.delete(&first)?);
    drop(hot);
    let now = db.snapshot();
    assert_eq!(now.peek::<Cell>(1).map(|c| c.value), Some(95));
    assert_eq!(now.peek::<Item>(1).map(|i| i.qty), Some(7));
    assert!(now.peek::<Cell>(200).is_none());
    db.assert_consistent();
    Ok(())
}

#[test]
fn keys_go_on_from_those_it_gave() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    assert_eq!(hot.add(Vendor::new("initech"))?.id, 3);
    hot.delete_by_key::<Vendor>(3)?;
    assert_eq!(hot.add(Vendor::new("hooli"))?.id, 4);
    drop(hot);
    assert_eq!(db.transaction(|s| s.add(Vendor::new("umbrella")))?.id, 5);
    Ok(())
}

#[test]
fn it_equals_the_same_calls_in_transactions() -> memorm::Result<()> {
    let (mut direct, plain) = (shop(), shop());
    let mut hot = direct.exclusive()?;
    let mut seed = 7_u64;
    for step in 0..600 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let (id, value) = (seed % 40 + 1, (seed >> 20) as i64 % 50);
        let sku = format!("{}", seed >> 40 & 31);
        match seed >> 8 & 7 {
            0 => {
                let add = || Item::new(&*sku, value as f64, value, 1);
                assert_eq!(
                    hot.add(add()).is_ok(),
                    plain.transaction(|s| s.add(add())).is_ok(),
                    "step {step}"
                );
            }
            1 => {
                let one = hot.delete_by_key::<Item>(id)?;
                assert_eq!(one, plain.transaction(|s| s.delete_by_key::<Item>(id))?, "step {step}");
            }
            2 => {
                let change = update::<Item>().filter(Item::QTY.lt(value)).set(Item::PRICE, Item::PRICE + 1);
                let other = plain.transaction(|s| change.exec(s))?;
                assert_eq!(change.exec(&mut hot)?, other, "step {step}");
            }
            3 => {
                let change = update::<Cell>().filter(Cell::ID.gt(id)).set(Cell::VALUE, Cell::VALUE + value);
                let other = plain.transaction(|s| change.exec(s));
                assert_eq!(change.exec(&mut hot).is_ok(), other.is_ok(), "step {step}");
            }
            _ => {
                let change = |item: &mut Item| (item.sku, item.price) = (sku.clone(), value as f64);
                let other = plain.transaction(|s| s.update::<Item>(id, change).map(drop));
                let one = hot.update::<Item>(id, change).map(drop);
                assert_eq!(one.map_err(|e| e.to_string()), other.map_err(|e| e.to_string()), "step {step}");
            }
        }
    }
    drop(hot);
    let same = |all: fn(&Database) -> memorm::Result<Vec<String>>| -> memorm::Result<()> {
        assert_eq!(all(&direct)?, all(&plain)?);
        Ok(())
    };
    same(|db| Ok(select::<Item>().all(db)?.iter().map(|row| format!("{row:?}")).collect()))?;
    same(|db| Ok(select::<Cell>().all(db)?.iter().map(|row| format!("{row:?}")).collect()))?;
    direct.assert_consistent();
    Ok(())
}
