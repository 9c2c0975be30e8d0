//! Rows that are changed where they lie, and calls that fail or panic meanwhile.
use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
