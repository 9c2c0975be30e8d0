//! The direct path: each call straight into the newest version, one version at the end, constraints and indexes kept.
use memorm::Error;
use memorm::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

type Update = fn(&mut Exclusive<'_>) -> memorm::Result<Arc<Item>>;

#[test]
fn a_refused_update_leaves_the_row_and_its_indexes() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let before = Item::clone(&*hot.get_one::<Item>(1)?);
    let refusals: [(&str, Update); 5] = [
        ("duplicate value", |h| h.update::<Item>(1, |i| i.sku = "B".into())),
        ("primary key", |h| h.update::<Item>(1, |i| (i.id, i.price) = (77, 8.0))),
        ("qty is negative", |h| h.update::<Item>(1, |i| (i.qty, i.price) = (-1, 8.0))),
        ("refers to vendors 9", |h| h.update::<Item>(1, |i| i.vendor_id = 9)),
        ("not for sale", |h| {
            h.update::<Item>(1, |i| {
                i.price = 8.0;
                Err(Error::other("not for sale"))
            })
        }),
    ];
    for (message, call) in &refusals {
        let error = call(&mut hot).expect_err(message).to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(*hot.get_one::<Item>(1)?, before, "{message}");
        assert_eq!((skus(&hot, 1.0)?, skus(&hot, 8.0)?), (vec!["A".to_owned()], vec![]), "{message}");
    }
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn foreign_keys_and_restrict_are_checked_at_the_end_of_each_call() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    assert!(matches!(hot.add(Item::new("D", 4.0, 1, 9)), Err(Error::DanglingReference { .. })));
    assert!(matches!(hot.delete_by_key::<Vendor>(1), Err(Error::StillReferenced { .. })));
    assert!(matches!(delete::<Vendor>().exec(&mut hot), Err(Error::StillReferenced { .. })));
    assert_eq!((select::<Item>().count(&hot)?, select::<Vendor>().count(&hot)?), (3, 2));
    assert!(hot.delete_by_key::<Vendor>(2)?, "nobody refers to it");
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_panicking_closure_leaves_the_row_as_far_as_it_has_changed_it() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let panics = |hot: &mut Exclusive<'_>, price: f64, id: u64| {
        let update = AssertUnwindSafe(|| {
            hot.update::<Item>(1, |item| {
                (item.price, item.id) = (price, id);
                assert!(item.price < 0.0, "the closure panics");
            })
        });
        assert!(catch_unwind(update).is_err());
    };
    panics(&mut hot, 7.0, 1);
    assert_eq!((skus(&hot, 7.0)?, skus(&hot, 1.0)?), (vec!["A".to_owned()], vec![]));
    panics(&mut hot, 8.0, 40);
    assert_eq!(hot.get_one::<Item>(1)?.price, 7.0, "what breaks a constraint is undone");
    hot.update::<Item>(1, |item| item.qty = 1)?;
    drop(hot);
    db.assert_consistent();
    assert_eq!(db.snapshot().get_one::<Item>(1)?.price, 7.0);
    Ok(())
}

/// Nothing can refuse an update of it: the row changes where it lies.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "quotes", index(day, price))]
struct Quote {
    #[model(primary_key)]
    id: i64,
    #[model(index)]
    price: f64,
    day: Option<u16>,
    text: String,
}

#[test]
fn a_row_that_changes_where_it_lies_keeps_its_key_and_its_indexes() -> memorm::Result<()> {
    let mut db = Database::new();
    let quote = |id| Quote { id, price: id as f64, day: None, text: id.to_string() };
    db.transaction(|s| s.add_all([5, 6, 7, -40, 1 << 40].map(quote)))?;
    let before = db.snapshot();
    let mut hot = db.exclusive()?;
    for id in [5, -40, 1 << 40] {
        hot.update::<Quote>(id, |quote| (quote.price, quote.day) = (0.5, Some(3)))?;
    }
    let panics = AssertUnwindSafe(|| {
        hot.update::<Quote>(6, |quote| {
            (quote.price, quote.id) = (0.5, 9);
            assert!(quote.price > 1.0, "the closure panics");
        })
    });
    assert!(catch_unwind(panics).is_err());
    let changed = hot.update::<Quote>(7, |quote| quote.id = 5).expect_err("the key has changed");
    assert!(matches!(changed, Error::KeyChanged { .. }));
    assert!(matches!(hot.update::<Quote>(8, |quote| quote.id = 5), Err(Error::NotFound { .. })));
    let cheap = select::<Quote>().filter(Quote::PRICE.lt(1)).select(Quote::ID);
    assert_eq!(cheap.all(&hot)?, [5, 6, -40, 1 << 40]);
    let of_day = select::<Quote>().filter(Quote::DAY.eq(3) & Quote::PRICE.eq(0.5)).select(Quote::ID);
    assert_eq!(of_day.all(&hot)?, [5, -40, 1 << 40]);
    drop(hot);
    db.assert_consistent();
    before.assert_consistent();
    assert_eq!(before.peek::<Quote>(5), Some(&quote(5)));
    assert_eq!(cheap.all(&before)?, [-40]);
    Ok(())
}

#[test]
fn a_row_that_a_panicking_closure_has_changed_makes_a_version() -> memorm::Result<()> {
    let mut db = Database::new();
    db.transaction(|s| s.add(Quote { id: 1, price: 1.0, day: None, text: String::new() }))?;
    let dear = db.live(select::<Quote>().filter(Quote::PRICE.gt(5)));
    assert!(dear.rows().is_empty());
    let before = db.version();
    let mut hot = db.exclusive()?;
    let panics = AssertUnwindSafe(|| {
        hot.update::<Quote>(1, |quote| {
            quote.price = 9.0;
            assert!(quote.price < 1.0, "the closure panics");
        })
    });
    assert!(catch_unwind(panics).is_err());
    drop(hot);
    assert!(db.version() > before);
    assert_eq!(dear.rows().len(), 1);

    let unchanged = db.version();
    assert!(db.exclusive()?.update::<Quote>(2, |quote| quote.price = 1.0).is_err());
    assert_eq!(db.version(), unchanged, "what was not found has written nothing");
    Ok(())
}

#[test]
fn a_statement_evaluates_fully_before_it_writes() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let moved = update::<Cell>().filter(Cell::VALUE.between(1, 30)).set(Cell::VALUE, Cell::VALUE + 1);
    assert_eq!(moved.exec(&mut hot)?, 30);
    assert_eq!(hot.peek::<Cell>(1).map(|c| c.value), Some(2));
    update::<Cell>().filter(Cell::ID.le(2)).set(Cell::NOTE, "seen").exec(&mut hot)?;
    let notes = select::<Cell>().filter(Cell::NOTE.eq("seen")).select((Cell::ID, Cell::VALUE)).all(&hot)?;
    assert_eq!(notes, [(1, 2), (2, 3)]);
    update::<Item>().set(Item::PRICE, Item::PRICE + 1).exec(&mut hot)?;
    assert_eq!(skus(&hot, 2.0)?, ["A"], "an indexed column");
    let revisions = update::<Item>().set(Item::QTY, 7).returning((Item::ID, Item::REVISION)).all(&mut hot)?;
    assert_eq!(revisions, [(1, 3), (2, 3), (3, 3)]);
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_statement_that_fails_changes_no_row() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let before = select::<Cell>().all(&hot)?;
    let overflow = update::<Cell>().set(Cell::SMALL, Cell::SMALL + 100).set(Cell::VALUE, 5);
    update::<Cell>().filter(Cell::ID.eq(60)).set(Cell::SMALL, 100).exec(&mut hot)?;
    assert!(matches!(overflow.exec(&mut hot), Err(Error::Arithmetic { .. })));
    update::<Cell>().filter(Cell::ID.eq(60)).set(Cell::SMALL, 1).exec(&mut hot)?;
    // row 50 is refused, after those before it were written
    let refused = update::<Cell>().set(Cell::VALUE, Cell::VALUE * 20).set(Cell::NOTE, "x").exec(&mut hot);
    assert_eq!(refused.map_err(|e| e.to_string()), Err("check failed for cells 50: too large".to_owned()));
    let panics = AssertUnwindSafe(|| update::<Cell>().set(Cell::VALUE, Cell::VALUE * 77).exec(&mut hot));
    assert!(catch_unwind(panics).is_err(), "row 13");
    let after = select::<Cell>().all(&hot)?;
    assert_eq!(after, before);
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_statement_in_place_leaves_snapshots_alone() -> memorm::Result<()> {
    let mut db = shop();
    let before = db.snapshot();
    let mut hot = db.exclusive()?;
    update::<Cell>().set(Cell::VALUE, 0).exec(&mut hot)?;
    drop(hot);
    let sum = |source: &Snapshot| select::<Cell>().aggregate(Cell::VALUE.sum(), source);
    assert_eq!((sum(&before)?, sum(&db.snapshot())?), (Some(5050), Some(0)));
    Ok(())
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

#[test]
fn feeds_and_live_results_see_an_exclusive_as_one_commit() -> memorm::Result<()> {
    let mut db = Database::new();
    db.transaction(|s| s.add(Cell { id: 1, value: 10, note: None, small: 0 }))?;
    let mut feed = db.subscribe();
    let live = db.live(select::<Cell>().select(Cell::VALUE));
    let mut hot = db.exclusive()?;
    hot.update::<Cell>(1, |row| row.value = 11)?;
    assert_eq!(live.rows(), [10], "nothing is published yet");
    hot.update::<Cell>(1, |row| row.value = 12)?;
    drop(hot);
    assert_eq!(live.rows(), [12]);
    let commit = feed.try_next().expect("one commit");
    let [Change::Updated { old, new, .. }] = &commit.of::<Cell>()[..] else { panic!("one update") };
    assert_eq!((old.value, new.value), (10, 12));
    assert!(feed.try_next().is_none());
    Ok(())
}

/// Changes a cell from 10 to 11 in an exclusive of a database that nobody else has.
fn change_alone(db: &mut Database) -> memorm::Result<()> {
    db.transaction(|s| s.add(Cell { id: 1, value: 10, note: None, small: 0 }))?;
    db.exclusive()?.update::<Cell>(1, |row| row.value = 11).map(drop)
}

#[test]
fn a_feed_is_told_what_an_exclusive_that_is_alone_has_replaced() -> memorm::Result<()> {
    let mut db = Database::new();
    let mut feed = db.subscribe();
    change_alone(&mut db)?;
    let commits: Vec<_> = std::iter::from_fn(|| feed.try_next()).collect();
    let [_, commit] = &commits[..] else { panic!("{commits:?}") };
    let [Change::Updated { old, new, .. }] = &commit.of::<Cell>()[..] else { panic!("one update") };
    assert_eq!((old.value, new.value), (10, 11));
    Ok(())
}

#[test]
fn an_exclusive_that_is_alone_can_be_undone() -> memorm::Result<()> {
    let mut db = Database::builder().history(1).build();
    change_alone(&mut db)?;
    db.undo()?;
    assert_eq!(select::<Cell>().select(Cell::VALUE).all(&db)?, [10]);
    Ok(())
}

#[test]
fn an_exclusive_that_writes_nothing_is_no_commit() -> memorm::Result<()> {
    let mut db = Database::builder().history(1).build();
    let mut feed = db.subscribe();
    drop(db.exclusive()?);
    assert!(feed.try_next().is_none());
    assert!(matches!(db.undo(), Err(Error::NothingToUndo)));
    Ok(())
}

#[test]
fn a_state_hash_follows_rows_that_are_changed_where_they_lie() -> memorm::Result<()> {
    let run = |is_direct: bool| {
        let mut db = Database::new();
        db.transaction(|s| s.add_all((0..600).map(|id| Cell { id, value: 0, note: None, small: 0 })))?;
        let before = db.state_hash();
        if is_direct {
            let mut hot = db.exclusive()?;
            hot.update::<Cell>(300, |cell| cell.value = 7)?;
            update::<Cell>().filter(Cell::ID.lt(9)).set(Cell::VALUE, 8).exec(&mut hot)?;
        } else {
            db.transaction(|s| s.update::<Cell>(300, |cell| cell.value = 7))?;
            db.transaction(|s| update::<Cell>().filter(Cell::ID.lt(9)).set(Cell::VALUE, 8).exec(s))?;
        }
        assert_ne!(db.state_hash(), before);
        Ok::<_, memorm::Error>(db.state_hash())
    };
    assert_eq!(run(true)?, run(false)?);
    Ok(())
}

/// Every kind of column that an edit in place watches.
#[derive(Model, Clone, Debug)]
#[model(index(few, many))]
struct Watched {
    #[model(primary_key)]
    id: i64,
    #[model(index)]
    few: Option<bool>,
    #[model(index)]
    many: u64,
    #[model(index)]
    real: Option<f64>,
    #[model(index)]
    signed: isize,
    name: String,
}

#[test]
fn indexes_follow_edits_of_every_watched_kind() -> memorm::Result<()> {
    let row = |id| Watched { id, few: None, many: 0, real: None, signed: 0, name: format!("row {id}") };
    let mut db = Database::new();
    db.transaction(|s| s.add_all((-20..20).map(row)).map(drop))?;
    let reals = [None, Some(f64::NAN), Some(-0.0), Some(0.0), Some(f64::NEG_INFINITY), Some(1.5)];
    for n in 0..240_i64 {
        let at = n as usize;
        let mut hot = db.exclusive()?;
        let edited = hot.update::<Watched>(n * 7 % 40 - 20, |row| {
            row.few = [None, Some(false), Some(true)][at % 3];
            row.many = [0, u64::MAX, 1 << 63, 5][at % 4];
            row.real = reals[at % 6];
            row.signed = [isize::MIN, -1, 0, isize::MAX][at / 3 % 4];
        })?;
        let found = select::<Watched>().filter(Watched::MANY.eq(edited.many)).all(&hot)?;
        assert!(found.iter().any(|row| row.id == edited.id), "round {n}");
        let moved = hot.update::<Watched>(edited.id, |row| row.id = i64::MAX);
        assert!(matches!(moved, Err(memorm::Error::KeyChanged { .. })));
        drop(hot);
        db.assert_consistent();
    }
    assert_eq!(select::<Watched>().filter(Watched::ID.between(-20, 19)).count(&db)?, 40);
    Ok(())
}
