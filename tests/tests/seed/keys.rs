//! Keys of every type, auto-increment, constraints.
use crate::models::Item;
use jiff::civil::{Date, DateTime, Time, date};
use memorm::prelude::*;
use rust_decimal::Decimal;
use smol_str::SmolStr;
use ulid::Ulid;
use uuid::Uuid;

/// One test for each key type: what is added is found by its key, and by no other.
macro_rules! keys { ($($name:ident: $K:ty, $one:expr, $other:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        #[derive(Model, Clone)]
        struct Row {
            #[model(primary_key)]
            key: $K,
            n: i32,
        }
        let db = Database::new();
        let mut session = db.session();
        let (one, other): ($K, $K) = ($one, $other);
        session.add(Row { key: one.clone(), n: 1 })?;
        assert_eq!(session.get::<Row>(one.clone()).map(|r| r.n), Some(1));
        assert!(session.get::<Row>(&other).is_none());
        session.commit()?;
        assert_eq!(session.get::<Row>(&one).map(|r| r.n), Some(1));
        assert!(session.get::<Row>(other.clone()).is_none());
        assert!(session.add(Row { key: one.clone(), n: 2 }).is_err_and(|e| e.is_violation()));
        session.add(Row { key: other.clone(), n: 2 })?;
        session.update::<Row>(&one, |r| r.n += 10)?;
        assert!(session.delete_by_key::<Row>(other)?);
        session.commit()?;
        assert_eq!(select::<Row>().filter(Row::KEY.eq(one)).select(Row::N).all(&db)?, [11]);
        db.assert_consistent();
        Ok(())
    }
)* } }

#[derive(Field, Clone, Debug)]
struct OrderId(u64);

#[derive(Field, Clone, Debug)]
struct Code(String);

#[derive(Field, Clone, Debug)]
enum Side {
    Buy,
    Sell,
}

keys! {
    u8_keys: u8, 255, 254;
    u16_keys: u16, 0, u16::MAX;
    u32_keys: u32, 0, u32::MAX;
    u64_keys: u64, u64::MAX, u64::MAX - 1;
    i8_keys: i8, -128, 127;
    i16_keys: i16, i16::MIN, i16::MAX;
    i32_keys: i32, i32::MIN, i32::MAX;
    i64_keys: i64, i64::MIN, i64::MAX;
    i128_keys: i128, i128::MIN, i128::MAX;
    u128_keys: u128, u128::MAX, u128::MAX - 1;
    usize_keys: usize, 7, 8;
    isize_keys: isize, isize::MIN, isize::MAX;
    bool_keys: bool, true, false;
    char_keys: char, 'ä', 'a';
    float_keys: f64, f64::NAN, 1.5;
    single_float_keys: f32, f32::NEG_INFINITY, 0.1;
    text_keys: String, "a".into(), String::new();
    shared_text_keys: Arc<str>, "a".into(), "b".into();
    small_text_keys: SmolStr, "a".into(), "b".into();
    byte_keys: Vec<u8>, vec![0, 255], vec![];
    newtype_keys: OrderId, OrderId(1), OrderId(2);
    text_newtype_keys: Code, Code("a".into()), Code("b".into());
    enum_keys: Side, Side::Buy, Side::Sell;
    uuid_keys: Uuid, Uuid::from_u128(7), Uuid::nil();
    ulid_keys: Ulid, Ulid(7), Ulid(8);
    decimal_keys: Decimal, Decimal::new(150, 2), Decimal::new(151, 2);
    timestamp_keys: Timestamp, Timestamp::UNIX_EPOCH, Timestamp::MAX;
    date_keys: Date, date(2025, 1, 1), Date::MIN;
    civil_keys: DateTime, DateTime::MIN, DateTime::MAX;
    time_of_day_keys: Time, Time::midnight(), Time::MAX;
    chrono_keys: chrono::DateTime<chrono::Utc>, chrono::DateTime::<chrono::Utc>::UNIX_EPOCH, chrono::DateTime::from_timestamp_nanos(1);
    chrono_date_keys: chrono::NaiveDate, chrono::NaiveDate::MIN, chrono::NaiveDate::MAX;
    time_keys: time::OffsetDateTime, time::macros::datetime!(2025-01-01 00:00 UTC), time::OffsetDateTime::UNIX_EPOCH;
    time_date_keys: time::Date, time::Date::MIN, time::Date::MAX;
}

#[derive(Model, Clone)]
struct Tag {
    #[model(primary_key)]
    name: String,
}

#[derive(Model, Clone, Debug)]
struct ItemTag {
    #[model(primary_key)]
    item_id: u64,
    #[model(primary_key)]
    tag_name: String,
    weight: i32,
}

#[derive(Model, Clone)]
struct Cube {
    #[model(primary_key)]
    x: i8,
    #[model(primary_key)]
    y: OrderId,
    #[model(primary_key)]
    z: Arc<str>,
    #[model(primary_key)]
    w: bool,
}

#[test]
fn text_keys_are_looked_up_borrowed() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(Tag { name: "red".into() }))?;
    let snapshot = db.snapshot();
    assert!(snapshot.get::<Tag>("red").is_some());
    assert!(snapshot.get::<Tag>(&String::from("red")).is_some());
    for (name, is_there) in ["red", "green"].iter().zip([true, false]) {
        assert_eq!(snapshot.get::<Tag>(name).is_some(), is_there);
    }
    assert!(snapshot.get::<Tag>("green").is_none());
    Ok(())
}

#[test]
fn every_kind_of_text_compares_with_a_borrowed_list() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Texts {
        #[model(primary_key)]
        small: SmolStr,
        shared: Arc<str>,
        maybe: Option<SmolStr>,
    }
    let db = Database::new();
    db.transaction(|s| s.add(Texts { small: "a".into(), shared: "a".into(), maybe: Some("a".into()) }))?;
    let listed = |names: &[&str]| {
        let small = Texts::SMALL.in_(names) & Texts::MAYBE.in_(names) & Texts::SHARED.in_(names);
        let first = &names[0];
        let each = small & Texts::SMALL.eq(first) & Texts::MAYBE.eq(first) & Texts::SHARED.eq(first);
        select::<Texts>().filter(each).exists(&db)
    };
    assert!(listed(&["a", "b"])?);
    assert!(!listed(&["b"])?);
    Ok(())
}

#[test]
fn composite_keys_are_looked_up_by_tuples_owned_or_borrowed() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    for (item_id, tag_name) in [(1, "red"), (1, "green"), (2, "red")] {
        session.add(ItemTag { item_id, tag_name: tag_name.into(), weight: 0 })?;
    }
    session.add(Cube { x: -1, y: OrderId(2), z: "three".into(), w: true })?;
    session.update::<ItemTag>((2, "red"), |t| t.weight = 5)?;
    session.commit()?;
    assert_eq!(session.get::<ItemTag>((2, "red")).map(|t| t.weight), Some(5));
    assert_eq!(session.get::<ItemTag>((1, String::from("red"))).map(|t| t.weight), Some(0));
    assert!(session.get::<ItemTag>(&(1, String::from("green"))).is_some());
    assert!(session.get::<ItemTag>((2, "green")).is_none());
    assert!(session.get::<Cube>((-1, OrderId(2), "three", true)).is_some());
    assert!(session.get::<Cube>((-1, OrderId(2), "three", false)).is_none());
    assert!(session.delete_by_key::<ItemTag>((1, "green"))?);
    let again = ItemTag { item_id: 1, tag_name: "red".into(), weight: 0 };
    let error = session.add(again).expect_err("the key is taken").to_string();
    assert_eq!(
        error,
        "duplicate value for item_tag.(item_id, tag_name): (1, \"red\") (already used by (item_id, tag_name) (1, \"red\"))"
    );
    Ok(())
}

#[test]
fn auto_keys_count_up_from_the_highest_and_are_known_when_add_returns() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    assert_eq!(session.add(Item::new("foo"))?.id, 1);
    session.commit()?;
    assert_eq!(session.add(Item { id: 90, name: "bar".into() })?.id, 90);
    assert_eq!(session.add(Item::new("baz"))?.id, 91);
    session.commit()?;
    assert!(session.delete_by_key::<Item>(91)?);
    session.commit()?;
    assert_eq!(session.add(Item::new("qux"))?.id, 92, "never reused");
    Ok(())
}

#[derive(Model, Clone, Debug)]
#[model(constructor = new, check = positive, unique(shelf, place))]
struct Stock {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    sku: String,
    shelf: u32,
    place: u32,
    qty: i64,
    #[model(references(Tag))]
    tag_name: Option<String>,
}

fn positive(stock: &Stock) -> Result<(), String> {
    if stock.qty < 0 { Err(format!("{} of {}", stock.qty, stock.sku)) } else { Ok(()) }
}

#[test]
fn unique_columns_are_enforced() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Stock::new("a", 1, 1, 1))?;
    let error = session.add(Stock::new("a", 1, 2, 1)).expect_err("`a` is taken");
    assert_eq!(error.to_string(), "duplicate value for stock.sku: \"a\" (already used by id 1)");
    assert!(error.is_violation() && !error.is_conflict());
    let error = session.add(Stock::new("b", 1, 1, 1)).expect_err("the place is taken");
    assert_eq!(error.to_string(), "duplicate value for stock.(shelf, place): (1, 1) (already used by id 1)");
    let b = session.add(Stock::new("b", 1, 2, 1))?;
    assert!(session.update::<Stock>(b.id, |s| s.sku = "a".into()).is_err_and(|e| e.is_violation()));
    assert_eq!(select::<Stock>().select(Stock::SKU).all(&session)?, ["a", "b"]);
    Ok(())
}

#[test]
fn checks_are_enforced() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let error = session.add(Stock::new("a", 1, 1, -1)).expect_err("less than nothing");
    assert!(error.to_string().ends_with(": -1 of a"), "{error}");
    assert!(matches!(error, memorm::Error::Check { table: "stock", .. }));
    let stock = session.add(Stock::new("a", 1, 1, 1))?;
    assert!(session.update::<Stock>(stock.id, |s| s.qty -= 2).is_err_and(|e| e.is_violation()));
    assert!(update::<Stock>().set(Stock::QTY, Stock::QTY - 2).exec(&mut session).is_err());
    assert_eq!(session.get_one::<Stock>(stock.id)?.qty, 1);
    Ok(())
}

#[test]
fn foreign_keys_are_enforced() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Stock { tag_name: Some("red".into()), ..Stock::new("a", 1, 1, 1) })?;
    let error = session.commit().expect_err("there is no tag `red`");
    assert_eq!(error.to_string(), "stock.tag_name of row 1 refers to tag \"red\", which does not exist");
    session.add(Tag { name: "red".into() })?;
    session.commit()?;

    session.delete_by_key::<Tag>("red")?;
    let error = session.commit().expect_err("the stock refers to it");
    assert_eq!(error.to_string(), "cannot delete tag \"red\": stock 1 still refers to it through tag_name");
    Ok(())
}

#[test]
fn updating_the_primary_key_is_a_typed_error() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Item::new("foo"))?;
    let changed = |result: memorm::Result<()>| matches!(result, Err(memorm::Error::KeyChanged { table: "items", key }) if key == "1");
    assert!(changed(session.update::<Item>(1, |i| i.id = 2).map(drop)));
    assert!(changed(update::<Item>().set(Item::ID, 2).exec(&mut session).map(drop)));
    assert!(changed(update::<Item>().apply(&mut session, |i| i.id += 1).map(drop)));
    assert_eq!(select::<Item>().select(Item::ID).all(&session)?, [1]);
    Ok(())
}
