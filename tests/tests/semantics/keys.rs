//! Keys: counters, changed keys, upsert.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new, unique(shelf, place))]
struct Item {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique)]
    sku: String,
    #[model(unique)]
    code: Option<u32>,
    shelf: Option<u32>,
    place: Option<u32>,
    #[model(default = 0)]
    qty: i64,
}

fn with_id(id: i64, sku: &str) -> Item {
    Item { id, ..Item::new(sku) }
}

#[test]
fn the_key_is_known_when_add_returns() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let item = session.add(Item::new("a"))?;
    assert_eq!(item.id, 1);
    assert_eq!(session.get_one::<Item>(1)?, item);
    session.commit()?;
    assert_eq!(db.snapshot().get_one::<Item>(1)?, item);
    Ok(())
}

#[test]
fn a_committed_key_raises_the_counter_for_a_session_that_began_before() -> memorm::Result<()> {
    let db = Database::new();
    let mut old = db.session();
    old.savepoint();
    db.transaction(|s| s.add(with_id(10, "a")))?;
    assert_eq!(old.add(Item::new("b"))?.id, 11);
    Ok(())
}

#[test]
fn an_explicit_key_above_the_counter_raises_it() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(with_id(10, "a"))?;
    assert_eq!(session.add(Item::new("b"))?.id, 11, "in the same session");
    session.commit()?;
    assert_eq!(session.add(Item::new("c"))?.id, 12, "after the commit");
    session.merge(with_id(20, "d"))?;
    assert_eq!(session.add(Item::new("e"))?.id, 21, "after a merge");
    session.upsert(with_id(30, "f"), |_, _| ())?;
    assert_eq!(session.add(Item::new("g"))?.id, 31, "after an upsert");
    insert::<Item>().set(Item::ID, 40).set(Item::SKU, "h").exec(&mut session)?;
    assert_eq!(session.add(Item::new("i"))?.id, 41, "after an insert");
    session.commit()?;
    assert_eq!(db.transaction(|s| s.add(Item::new("j")))?.id, 42, "in another session");
    Ok(())
}

#[test]
fn an_explicit_key_below_the_counter_leaves_it() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(with_id(10, "a"))?;
    session.add(with_id(3, "b"))?;
    session.add(with_id(-5, "c"))?;
    assert_eq!(session.add(Item::new("d"))?.id, 11);
    session.commit()?;
    assert_eq!(session.get_one::<Item>(-5)?.sku, "c");
    Ok(())
}

#[test]
fn negative_keys_alone_do_not_move_the_counter() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add(with_id(-5, "a"))?;
    assert_eq!(session.add(Item::new("b"))?.id, 1);
    Ok(())
}

#[test]
fn a_rolled_back_id_is_not_handed_out_again() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    assert_eq!(session.add(Item::new("a"))?.id, 1);
    session.rollback();
    assert_eq!(session.add(Item::new("a"))?.id, 2);
    let savepoint = session.savepoint();
    assert_eq!(session.add(Item::new("b"))?.id, 3);
    session.rollback_to(&savepoint)?;
    assert_eq!(session.add(Item::new("b"))?.id, 4);
    let failed: memorm::Result<()> = session.nested(|s| {
        assert_eq!(s.add(Item::new("c"))?.id, 5);
        Err(Error::other("no"))
    });
    assert!(failed.is_err());
    assert_eq!(session.add(Item::new("c"))?.id, 6);
    drop(session);
    assert_eq!(db.session().add(Item::new("d"))?.id, 7);
    Ok(())
}

#[test]
fn two_sessions_are_given_different_keys() -> memorm::Result<()> {
    let db = Database::new();
    let (mut one, mut two) = (db.session(), db.session());
    assert_eq!((one.add(Item::new("a"))?.id, two.add(Item::new("b"))?.id), (1, 2));
    assert_eq!((one.add(Item::new("c"))?.id, two.add(Item::new("d"))?.id), (3, 4));
    two.commit()?;
    one.commit()?;
    assert_eq!(select::<Item>().select(Item::ID).all(&db)?, [2, 4, 1, 3]);
    Ok(())
}

#[test]
fn a_cleared_table_goes_on_counting() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([Item::new("a"), Item::new("b")]))?;
    db.clear();
    assert_eq!(db.transaction(|s| s.add(Item::new("a")))?.id, 3);
    Ok(())
}

macro_rules! small_keys { ($($name:ident: $T:ident;)*) => { $(
    mod $name {
        use super::*;

        #[derive(Model, Clone, Debug)]
        struct Small {
            #[model(primary_key, auto)]
            id: $T,
        }
        const MAX: $T = $T::MAX;

        fn exhausted<T>(result: memorm::Result<T>) -> bool {
            matches!(result, Err(Error::KeyExhausted { table: "small", column: "id" }))
        }

        #[test]
        fn the_last_key_is_handed_out_and_then_no_more() -> memorm::Result<()> {
            let db = Database::new();
            let mut session = db.session();
            session.add(Small { id: MAX - 1 })?;
            assert_eq!(session.add(Small { id: 0 })?.id, MAX);
            assert!(exhausted(session.add(Small { id: 0 })));
            assert!(exhausted(session.add_all([Small { id: 5 }, Small { id: 0 }])));
            assert!(session.get::<Small>(5).is_none());
            session.commit()?;
            assert!(exhausted(session.add(Small { id: 0 })));
            assert!(exhausted(insert::<Small>().exec(&mut session)));
            session.add(Small { id: 7 })?;
            session.delete_by_key::<Small>(MAX)?;
            session.commit()?;
            assert!(exhausted(session.add(Small { id: 0 })), "keys are not reused");
            session.add(Small { id: MAX })?;
            session.commit()?;
            assert_eq!(select::<Small>().select(Small::ID).all(&db)?, [MAX - 1, 7, MAX]);
            db.assert_consistent();
            Ok(())
        }

        #[test]
        fn an_explicit_greatest_key_ends_the_counter() -> memorm::Result<()> {
            let db = Database::new();
            let mut session = db.session();
            session.add(Small { id: MAX })?;
            assert!(exhausted(session.add(Small { id: 0 })));
            session.commit()?;
            assert!(exhausted(session.add(Small { id: 0 })));
            assert!(exhausted(db.session().add(Small { id: 0 })));
            Ok(())
        }
    }
)* } }

small_keys! {
    u8_keys: u8;
    i8_keys: i8;
    u16_keys: u16;
    u32_keys: u32;
    i64_keys: i64;
    u64_keys: u64;
    usize_keys: usize;
}

#[test]
fn a_refused_auto_key_costs_no_keys() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Small {
        #[model(primary_key, auto)]
        id: u8,
    }
    let mut session = Database::new().session();
    session.add(Small { id: 255 })?;
    assert!(session.add(Small { id: 0 }).is_err());
    session.rollback();
    assert_eq!(session.add(Small { id: 0 })?.id, 1);
    Ok(())
}

#[test]
fn all_keys_of_a_byte_are_handed_out() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Byte {
        #[model(primary_key, auto)]
        id: u8,
    }
    #[derive(Model, Clone)]
    struct Signed {
        #[model(primary_key, auto)]
        id: i8,
    }
    let db = Database::new();
    let mut session = db.session();
    for id in 1..=255 {
        assert_eq!(session.add(Byte { id: 0 })?.id, id);
    }
    assert!(matches!(session.add(Byte { id: 0 }), Err(Error::KeyExhausted { .. })));
    for id in 1..=127 {
        assert_eq!(session.add(Signed { id: 0 })?.id, id);
    }
    assert!(matches!(session.add(Signed { id: 0 }), Err(Error::KeyExhausted { .. })));
    session.commit()?;
    assert_eq!(select::<Byte>().count(&db)?, 255);
    Ok(())
}

#[test]
fn setting_a_key_column_is_key_changed() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item::new("a"))?;
    session.commit()?;
    fn changed<T>(result: memorm::Result<T>) -> bool {
        matches!(result, Err(Error::KeyChanged { table: "items", key }) if key == "1")
    }
    assert!(changed(session.update::<Item>(1, |i| i.id = 2)));
    assert!(changed(session.update::<Item>(1, |i| i.id = 0)));
    assert!(changed(session.upsert(with_id(1, "b"), |old, _| old.id = 2)));
    assert!(changed(session.upsert_on(Item::SKU, with_id(7, "a"), |old, new| *old = new)));
    assert!(changed(update::<Item>().set(Item::ID, Item::ID + 1).exec(&mut session)));
    assert!(changed(update::<Item>().apply(&mut session, |i| i.id = 9)));
    assert!(session.changes().is_empty());
    assert_eq!(update::<Item>().set(Item::ID, Item::ID).exec(&mut session)?, 1, "it stays the same");
    Ok(())
}

#[test]
fn upsert_resolves_on_the_primary_key() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let add = |old: &mut Item, new: Item| old.qty += new.qty;
    let row = |id, sku: &str, qty| Item { qty, ..with_id(id, sku) };
    assert_eq!(session.upsert(row(5, "a", 1), add)?.qty, 1);
    assert_eq!(session.upsert(row(5, "other", 2), add)?.qty, 3);
    assert_eq!(session.get_one::<Item>(5)?.sku, "a", "the closure decides what is taken");
    assert_eq!(session.upsert(row(0, "b", 1), add)?.id, 6, "0 means assign");
    assert!(matches!(session.upsert(row(7, "a", 1), add), Err(Error::Duplicate { .. })));
    session.commit()?;
    assert_eq!(session.upsert(row(5, "a", 4), add)?.qty, 7);
    assert_eq!(select::<Item>().count(&session)?, 2);
    Ok(())
}

#[test]
fn upsert_on_resolves_on_a_unique_column() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let add = |old: &mut Item, new: Item| old.qty += new.qty;
    let row = |sku: &str, code, qty| Item { qty, code, ..Item::new(sku) };
    assert_eq!(session.upsert_on(Item::SKU, row("a", Some(1), 1), add)?.id, 1);
    let again = session.upsert_on(Item::SKU, row("a", Some(9), 2), add)?;
    assert_eq!((again.id, again.qty, again.code), (1, 3, Some(1)));
    let by_code = session.upsert_on(Item::CODE, row("other", Some(1), 3), add)?;
    assert_eq!((by_code.id, by_code.qty), (1, 6));
    assert_eq!(session.upsert_on(Item::CODE, row("b", None, 1), add)?.qty, 1, "None equals nothing");
    assert_eq!(session.upsert_on(Item::CODE, row("c", None, 1), add)?.qty, 1);
    assert_eq!(session.upsert_on(Item::ID, Item { id: 1, ..row("x", None, 4) }, add)?.qty, 10);
    session.commit()?;
    assert_eq!(session.upsert_on(Item::SKU, row("a", None, 1), add)?.qty, 11);
    assert_eq!(select::<Item>().count(&session)?, 3);
    db.assert_consistent();
    Ok(())
}

#[test]
fn upsert_on_a_column_that_is_not_unique_by_itself_is_an_error() -> memorm::Result<()> {
    let mut session = Database::new().session();
    fn refused<T>(result: memorm::Result<T>) -> bool {
        matches!(result, Err(Error::NotUnique { table: "items", .. }))
    }
    assert!(refused(session.upsert_on(Item::QTY, Item::new("a"), |_, _| ())));
    assert!(refused(session.upsert_on(Item::SHELF, Item::new("a"), |_, _| ())));
    assert!(session.changes().is_empty());
    Ok(())
}

#[test]
fn upsert_on_with_the_key_of_another_row_is_a_duplicate() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add(with_id(1, "a"))?;
    let error = session.upsert_on(Item::SKU, with_id(1, "b"), |_, _| ()).expect_err("1 is `a`");
    assert_eq!(error.to_string(), "duplicate value for items.id: 1 (already used by id 1)");
    Ok(())
}

#[test]
fn merge_replaces_every_column() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item { qty: 5, code: Some(1), ..Item::new("a") })?;
    session.commit()?;
    let merged = session.merge(with_id(1, "b"))?;
    assert_eq!(*merged, with_id(1, "b"));
    session.commit()?;
    assert_eq!(*db.snapshot().get_one::<Item>(1)?, with_id(1, "b"));
    session.add(Item::new("a"))?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}
