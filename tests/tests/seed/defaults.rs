//! Defaults.
use crate::models::{Item, Product, january};
use memorm::prelude::*;

#[test]
fn defaults_fill_what_was_not_given_and_nothing_else() -> memorm::Result<()> {
    let moment = january(1, 2, 3, 4);
    let db = Database::builder().clock(|| january(31, 0, 0, 0)).build();
    let mut session = db.session();
    session.add_all([
        Product { id: 5, category: "A".into(), ..Product::new("foo") },
        Product { active: false, created_at: moment, ..Product::new("bar") },
    ])?;
    session.commit()?;

    let products = session.all(select::<Product>())?;
    assert!(products[0].active);
    assert_eq!(products[0].created_at, january(31, 0, 0, 0));
    assert_eq!(products[0].category, "A");

    assert_eq!(products[1].id, 6);
    assert!(!products[1].active);
    assert_eq!(products[1].created_at, moment);
    assert_eq!(products[1].category, "unknown");
    Ok(())
}

#[test]
fn an_insert_fills_the_same_defaults() -> memorm::Result<()> {
    let db = Database::builder().clock(|| january(31, 0, 0, 0)).build();
    let row = db.transaction(|s| {
        insert::<Product>().set(Product::NAME, "foo").exec(s)?;
        s.get_one::<Product>(1)
    })?;
    let expected = Product { id: 1, created_at: january(31, 0, 0, 0), ..Product::new("foo") };
    assert_eq!(*row, expected);
    Ok(())
}

#[test]
fn a_column_without_value_and_default_is_named() -> memorm::Result<()> {
    let db = Database::new();
    let error = insert::<Item>().exec(&mut db.session()).expect_err("nothing was set");
    assert!(matches!(error, memorm::Error::MissingValue { table: "items", column: "name" }), "{error}");
    assert!(error.is_violation());
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(constructor = new)]
struct Stamped {
    #[model(primary_key, auto)]
    id: u64,
    qty: i64,
    #[model(default = 3 + 4)]
    computed: i64,
    #[model(default)]
    empty: String,
    #[model(default = now)]
    made: u64,
    #[model(on_update = now)]
    changed: u64,
    #[model(on_update = "later", default = "first")]
    stage: String,
}

#[test]
fn on_update_is_set_by_every_kind_of_update() -> memorm::Result<()> {
    use std::sync::atomic::{AtomicU64, Ordering};
    let tick = Arc::new(AtomicU64::new(10));
    let clock = tick.clone();
    let db = Database::builder().clock(move || clock.load(Ordering::Relaxed)).build();
    let mut session = db.session();
    let row = session.add(Stamped::new(1))?;
    assert_eq!((row.computed, row.empty.as_str(), row.made, row.changed), (7, "", 10, 10));
    assert_eq!(row.stage, "first");

    tick.store(11, Ordering::Relaxed);
    let row = session.update::<Stamped>(1, |r| r.qty += 1)?;
    assert_eq!((row.made, row.changed, row.stage.as_str()), (10, 11, "later"));

    tick.store(12, Ordering::Relaxed);
    update::<Stamped>().set(Stamped::QTY, Stamped::QTY * 2).exec(&mut session)?;
    assert_eq!(session.get_one::<Stamped>(1)?.changed, 12);

    tick.store(13, Ordering::Relaxed);
    update::<Stamped>().apply(&mut session, |r| r.qty = 0)?;
    assert_eq!(session.get_one::<Stamped>(1)?.changed, 13);

    tick.store(14, Ordering::Relaxed);
    session.upsert(Stamped { id: 1, ..Stamped::new(5) }, |old, new| old.qty = new.qty)?;
    let row = session.get_one::<Stamped>(1)?;
    assert_eq!((row.qty, row.made, row.changed), (5, 10, 14));
    Ok(())
}
