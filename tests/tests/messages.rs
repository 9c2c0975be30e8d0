//! Every kind of error, provoked from outside, against the table of the guide's chapter on errors.
use memorm::model::Scalar;
use memorm::prelude::*;
use memorm::value::{Cell, Kind};
use memorm::{Error, Result};
use std::fs;
use std::path::Path;

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", constructor = new)]
struct Vendor {
    #[model(primary_key, auto)]
    id: u32,
    name: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "items", constructor = new, check = is_sane)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    sku: String,
    #[model(references(Vendor))]
    vendor_id: u32,
    price: f64,
    qty: i64,
}

fn is_sane(item: &Item) -> Result<(), &'static str> {
    if item.qty < 0 { Err("qty is negative") } else { Ok(()) }
}

#[derive(Model, Clone, Debug)]
#[model(table = "item_tags")]
struct ItemTag {
    #[model(primary_key)]
    item_id: u64,
    #[model(primary_key)]
    tag: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "seats")]
struct Seat {
    #[model(primary_key, auto)]
    id: u8,
}

#[derive(Model, Clone, Debug)]
#[model(table = "pages", constructor = new)]
struct Page {
    #[model(primary_key, auto)]
    id: u64,
    #[model(version)]
    revision: u32,
    text: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "shifts")]
struct Shift {
    #[model(primary_key)]
    id: u64,
    share: Percent,
}

/// A column type that does not hold all that it is made of.
#[derive(Clone, Debug)]
struct Percent(i64);

impl Field for Percent {
    type Base = Self;
    type Map<U: Scalar> = U;
    type Lane<'a> = i64;
    const KIND: Kind = Kind::I64;

    fn lane(&self) -> i64 {
        self.0
    }
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Int(n) if (0..=100).contains(&n) => Some(Self(n)),
            _ => None,
        }
    }
}
impl Scalar for Percent {}

#[derive(Model, Clone, Debug)]
#[model(table = "products")]
struct Product {
    #[model(primary_key)]
    id: u64,
    data: serde_json::Value,
}

/// Another model with the table name of [`Vendor`].
#[derive(Model, Clone, Debug)]
#[model(table = "vendors")]
struct Seller {
    #[model(primary_key)]
    id: u64,
}

/// Two vendors; three items of the first, `A-15` to `A-17`.
fn shop() -> Database {
    let db = Database::new();
    let fill = db.transaction(|s| {
        s.add_all([Vendor::new("acme"), Vendor::new("globex")])?;
        s.add_all(["A-15", "A-16", "A-17"].map(|sku| Item::new(sku, 1, 2.5, 3)))?;
        s.add(ItemTag { item_id: 1, tag: "red".into() })
    });
    assert_eq!(db.version(), Version(1));
    fill.expect("the rows keep all rules");
    db
}

/// Two sessions that both do their work before either commits; the second one's commit is the result.
fn race(
    first: impl Fn(&mut Session) -> Result<()>,
    second: impl Fn(&mut Session) -> Result<()>,
) -> Result<()> {
    let db = shop();
    let (mut one, mut other) = (db.session(), db.session());
    second(&mut other)?;
    first(&mut one)?;
    one.commit()?;
    other.commit().map(drop)
}

/// What each call answers, in the order of the table.
fn provoked() -> Vec<Error> {
    let mut errors = Vec::new();
    let mut on = |work: &dyn Fn(&Database, &mut Session) -> Result<()>| {
        let db = shop();
        errors.push(work(&db, &mut db.session()).expect_err("this call is wrong"));
    };
    // the data breaks a rule
    on(&|_, s| s.add(Item::new("A-17", 1, 1.0, 1)).map(drop));
    on(&|_, s| s.add(ItemTag { item_id: 1, tag: "red".into() }).map(drop));
    on(&|_, s| insert::<Item>().set(Item::PRICE, 2).exec(s).map(drop));
    on(&|_, s| insert::<Shift>().set(Shift::ID, 1).set(Shift::SHARE, Percent(101)).exec(s).map(drop));
    on(&|_, s| s.add(Item::new("A-18", 9, 1.0, 1)).and_then(|_| s.flush()));
    on(&|_, s| s.delete_by_key::<Vendor>(1).and_then(|_| s.flush()));
    on(&|_, s| s.add(Item::new("A-18", 1, 1.0, -1)).map(drop));
    on(&|_, s| s.update::<Item>(3, |item| item.id = 4).map(drop));
    on(&|db, s| {
        db.on_commit(|_| Err("the books do not balance"));
        s.update::<Item>(3, |item| item.qty = 4)?;
        s.commit().map(drop)
    });
    // a row that is not there, or is not alone
    on(&|_, s| s.get_one::<Item>(99).map(drop));
    on(&|_, s| select::<Item>().filter(Item::QTY.gt(100)).one(s).map(drop));
    on(&|_, s| select::<Item>().one(s).map(drop));
    on(&|db, _| db.snapshot().table("itmes").map(drop));
    on(&|_, s| {
        s.commit()?;
        s.view().table("items")?.order_by("prise").rows().map(drop)
    });
    on(&|db, _| db.at("lunch").map(drop));
    // another session was faster
    on(&|_, _| {
        race(
            |s| s.update::<Item>(3, |i| i.qty = 7).map(drop),
            |s| s.update::<Item>(3, |i| i.qty = 8).map(drop),
        )
    });
    on(&|_, _| {
        race(
            |s| s.add(Item::new("A-18", 1, 1.0, 1)).map(drop),
            |s| s.add(Item::new("A-18", 1, 1.0, 1)).map(drop),
        )
    });
    on(&|_, _| {
        race(|s| s.delete_by_key::<Vendor>(2).map(drop), |s| s.add(Item::new("A-18", 2, 1.0, 1)).map(drop))
    });
    on(&|_, _| {
        race(|s| s.add(Item::new("A-18", 2, 1.0, 1)).map(drop), |s| s.delete_by_key::<Vendor>(2).map(drop))
    });
    on(&|_, s| {
        let old = s.add(Page::new("draft"))?;
        s.update::<Page>(old.id, |page| page.text = "final".into())?;
        s.merge(old).map(drop)
    });
    on(&|db, _| {
        let (base, fork) = (db.snapshot(), db.fork());
        db.transaction(|s| s.update::<Item>(3, |item| item.qty = 2))?;
        fork.transaction(|s| s.update::<Item>(3, |item| item.qty = 7))?;
        db.merge(&base, &fork.snapshot(), Resolve::Fail).map(drop)
    });
    // an expression has no value
    on(&|_, s| select::<Item>().filter((Item::QTY / 0).gt(1)).all(s).map(drop));
    on(&|_, s| update::<Item>().set(Item::QTY, Item::QTY * i64::MAX).exec(s).map(drop));
    on(&|_, s| select::<Item>().filter(Item::SKU.like("A\\")).all(s).map(drop));
    on(&|_, s| {
        s.add(Product { id: 1, data: serde_json::Value::Null })?;
        select::<Product>().filter(Product::DATA.json("a.b").eq(1)).all(s).map(drop)
    });
    on(&|_, s| select::<Item>().aggregate(Item::QTY.quantile(2.0), s).map(drop));
    on(&|_, _| select::<Item>().filter_with(|_| true).to_sql(Dialect::Sqlite).map(drop));
    on(&|_, s| {
        let first = select::<Item>().first(s)?.map_or(0, |item| item.id);
        select::<Item>().after(first).join(Item::VENDOR).order_by(Vendor::NAME).all(s).map(drop)
    });
    on(&|_, s| select::<Item>().select(Item::SKU).after::<Vendor>(2).all(s).map(drop));
    on(&|_, s| {
        let skus = select::<Item>().select(Item::SKU);
        skus.clone().union(skus).after::<Item>(3).all(s).map(drop)
    });
    on(&|db, _| db.snapshot().table("items")?.after([3, 1]).rows().map(drop));
    // the program asks for what cannot be
    on(&|_, s| {
        s.add(Seat { id: u8::MAX })?;
        s.add(Seat { id: 0 }).map(drop)
    });
    on(&|db, _| db.transaction(|s| s.commit().map(drop)));
    on(&|db, _| {
        db.transaction(|s| {
            s.rollback();
            Ok(())
        })
    });
    on(&|db, s| {
        let elsewhere = db.session().savepoint();
        s.rollback_to(&elsewhere)
    });
    on(&|_, s| {
        let nested = (0..17)
            .fold(Item::ID.gt(0), |inner, _| Item::ID.in_(select::<Item>().filter(inner).select(Item::ID)));
        select::<Item>().filter(nested).all(s).map(drop)
    });
    on(&|_, s| s.upsert_on(Item::PRICE, Item::new("A-18", 1, 1.0, 1), |_, _| ()).map(drop));
    on(&|_, s| s.add(Seller { id: 1 }).map(drop));
    on(&|db, _| db.try_exclusive().map(drop));
    on(&|db, _| db.as_of(Version(7)).map(drop));
    on(&|db, _| db.undo().map(drop));
    on(&|db, _| db.redo().map(drop));
    on(&|_, _| {
        let db = Database::builder().max_rows(1).build();
        db.transaction(|s| s.add_all([Vendor::new("acme"), Vendor::new("globex")]))?;
        select::<Vendor>().all(&db).map(drop)
    });
    on(&|db, _| db.transaction(|_| Err(Error::other("out of stock"))));
    errors
}

/// The error's variant, the answer of its predicates, its message.
type Line = (String, String, String);

fn line(error: &Error) -> Line {
    let debug = format!("{error:?}");
    let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let kind = match (error.is_violation(), error.is_not_found(), error.is_conflict()) {
        (true, false, false) => "violation",
        (false, true, false) => "not found",
        (false, false, true) => "conflict",
        (false, false, false) => "–",
        more => panic!("{variant} is of several kinds: {more:?}"),
    };
    (variant.to_owned(), kind.to_owned(), error.to_string())
}

/// The lines of the chapter's table: `| variant | kind | when | message |`.
fn documented() -> Vec<Line> {
    let chapter = read("../memorm/src/guide/errors.md");
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(code).collect::<Vec<_>>();
    let rows = chapter.lines().filter(|line| line.starts_with("| `")).map(cells);
    rows.map(|row| match &row[..] {
        [variant, kind, _, message] => (variant.clone(), kind.clone(), message.clone()),
        other => panic!("a line of the table has four cells: {other:?}"),
    })
    .collect()
}

/// A cell without the backticks around it, one or two on each side.
fn code(cell: &str) -> String {
    let cell = cell.trim();
    let inner = |ticks: &str| cell.strip_prefix(ticks)?.strip_suffix(ticks);
    inner("``").or_else(|| inner("`")).unwrap_or(cell).trim().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

#[test]
fn the_guide_shows_the_messages_that_the_library_gives() {
    let given: Vec<Line> = provoked().iter().map(line).collect();
    let documented = documented();
    for (i, given) in given.iter().enumerate() {
        assert_eq!(documented.get(i), Some(given), "line {} of the table, and what the library says", i + 1);
    }
    assert_eq!(documented.len(), given.len(), "the table ends with {:?}", documented.last());
}

#[test]
fn every_variant_is_in_the_guide() {
    let source = read("../memorm/src/error.rs");
    let (_, body) = source.split_once("pub enum Error {").expect("the enum is there");
    let (body, _) = body.split_once("\n}").expect("it ends");
    let is_variant =
        |line: &&str| line.starts_with("    ") && line[4..].starts_with(|c: char| c.is_uppercase());
    let name = |line: &str| line.trim().split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned);
    let variants: Vec<String> = body.lines().filter(is_variant).filter_map(name).collect();
    assert!(variants.len() > 15, "{variants:?}");
    let documented = documented();
    for variant in variants {
        assert!(documented.iter().any(|(name, ..)| *name == variant), "the table lacks `{variant}`");
    }
}

#[test]
fn messages_begin_in_lower_case_and_end_without_a_stop() {
    for (variant, _, message) in provoked().iter().map(line) {
        assert!(!message.starts_with(char::is_uppercase), "{variant}: {message}");
        assert!(!message.ends_with(['.', '!', ' ']), "{variant}: {message}");
    }
}

#[test]
fn a_cell_of_the_table_is_read_without_its_backticks() {
    assert_eq!(code(" `a b` "), "a b");
    assert_eq!(code("`` a `b` c ``"), "a `b` c");
    assert_eq!(code("–"), "–");
}
