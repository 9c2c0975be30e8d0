//! Random statements over related tables: joins, groups, aggregates, subqueries; and the comparison.
use super::conditions::{Dice, item, note, tag, vendor};
use super::server::Server;
use super::shop::{Item, ItemTag, Note, Shop, Tag, Vendor, shop};
use memorm::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows, and the choices that make each statement.
#[derive(Clone, Debug)]
pub struct Case {
    pub shop: Shop,
    pub statements: Vec<Vec<u8>>,
}

pub fn case() -> impl Strategy<Value = Case> {
    let choices = vec(any::<u8>(), 1..30);
    (shop(), vec(choices, 1..30)).prop_map(|(shop, statements)| Case { shop, statements })
}

/// A statement's answer, a line of text for each row, and the statement as SQL.
struct Asked {
    rows: Vec<String>,
    sql: Sql,
    /// Of a statement that changes rows: the question that gives the answer.
    after: Option<Sql>,
}

/// How many shapes of statements there are.
pub const SHAPES: u8 = 23;

/// Asks what the choices say.
fn ask(choices: &[u8], db: &Database, dialect: Dialect) -> memorm::Result<Asked> {
    // a statement that changes rows, and all rows of its table then
    macro_rules! change {
        ($M:ty, $statement:expr) => {{
            let (statement, fork) = ($statement, db.fork());
            fork.transaction(|s| statement.exec(s))?;
            let then = select::<$M>();
            let rows = lines(then.mappings(&fork)?);
            let after = Some(then.to_sql(dialect)?);
            Ok(Asked { rows, sql: statement.to_sql(dialect)?, after })
        }};
    }
    macro_rules! ask {
        ($query:expr) => {{
            let query = $query;
            let rows = lines(query.mappings(db)?);
            Ok(Asked { rows, sql: query.to_sql(dialect)?, after: None })
        }};
    }
    let dice = &mut Dice(choices.iter());
    let limit = |dice: &mut Dice<'_>| usize::from(dice.of(6));
    match dice.of(SHAPES) {
        0 => ask!(select::<Item>().filter(item(dice, 3))),
        1 => ask!(select::<Vendor>().filter(vendor(dice, 3)).select((Vendor::ID, Vendor::LEAST))),
        2 => ask!(select::<Tag>().filter(tag(dice, 3))),
        3 => ask!(select::<Note>().filter(note(dice))),
        4 => {
            let joined = select::<Item>().join(Item::VENDOR).filter(item(dice, 2)).filter(vendor(dice, 2));
            ask!(joined.select((Item::ID, Vendor::ID, Vendor::COUNTRY)))
        }
        5 => {
            let joined = select::<Item>().left_join(Item::VENDOR).filter(item(dice, 2));
            ask!(joined.select((Item::ID, opt(Vendor::COUNTRY), opt(Vendor::LEAST))))
        }
        6 => {
            let joined = select::<Item>().left_join(Item::VENDOR);
            ask!(joined.filter(opt(Vendor::LEAST).is_none() | on(Item::QTY).gt(dice.number())))
        }
        7 => {
            let on = on(item(dice, 1)) & on(Item::QTY).ge(on(Vendor::LEAST));
            ask!(select::<Item>().join_on::<Vendor>(on).select((Item::ID, Vendor::ID)))
        }
        8 => {
            let on = on(Item::QTY).eq(on(Vendor::LEAST)) & on(vendor(dice, 1));
            ask!(select::<Item>().left_join_on::<Vendor>(on).select((Item::ID, opt(Vendor::ID))))
        }
        9 => {
            let on = on(Item::QTY).lt(on(Vendor::LEAST)) | on(item(dice, 1));
            ask!(select::<Item>().left_join_on::<Vendor>(on).select((Item::ID, opt(Vendor::ID))))
        }
        10 => {
            let joined = select::<Item>().join(Item::TAGS).filter(tag(dice, 2)).filter(item(dice, 1));
            ask!(joined.select((Item::ID, Tag::ID, Tag::WORD)))
        }
        11 => ask!(select::<Item>().left_join(Item::TAGS).filter(item(dice, 2))),
        12 => {
            let joined = select::<Item>().join(Item::VENDOR).left_join(Item::TAGS).filter(vendor(dice, 1));
            let sorted = joined.order_by((Item::QTY.desc(), Vendor::COUNTRY, Item::ID, opt(Tag::ID)));
            let limited = sorted.offset(limit(dice)).limit(limit(dice));
            ask!(limited.select((Item::ID, Vendor::COUNTRY, opt(Tag::WORD))))
        }
        13 => {
            let chain = select::<Vendor>().join(Vendor::PARENT).join(Vendor::PARENT.at(RIGHT));
            ask!(chain.select((Vendor::ID.at(LEFT), Vendor::COUNTRY.at(RIGHT), Vendor::ID.at(At::<2>))))
        }
        14 => {
            let grouped = select::<Item>().filter(item(dice, 2)).group_by((Item::VENDOR_ID, Item::ACTIVE));
            let sums = (Item::QTY.sum(), Item::QTY.avg(), Item::PRICE.sum(), count_distinct(Item::QTY));
            ask!(grouped.aggregate((count(), count_of(Item::PRICE), sums.0, sums.1, sums.2, sums.3)))
        }
        15 => {
            let joined = select::<Item>().join(Item::VENDOR).filter(vendor(dice, 2)).filter(item(dice, 1));
            let grouped = joined.group_by((Vendor::COUNTRY, Item::QTY % 3));
            ask!(grouped.aggregate((count(), Item::PRICE.max(), Item::NAME.min(), Vendor::LEAST.sum())))
        }
        16 => {
            let joined = select::<Item>().left_join(Item::TAGS).order_by((Item::QTY, Item::ID, opt(Tag::ID)));
            let grouped = joined.limit(2 + limit(dice)).offset(limit(dice) / 2).group_by(opt(Tag::WORD));
            ask!(grouped.aggregate((count(), Item::PRICE.avg(), Item::QTY.max())))
        }
        17 => {
            let (some, all) =
                (select::<Item>().filter(item(dice, 2)), select::<Item>().filter(item(dice, 1)));
            let sums =
                (some.clone().scalar(count()), some.scalar(Item::PRICE.sum()), all.scalar(Item::QTY.avg()));
            ask!(select::<Vendor>().filter(vendor(dice, 1)).select((Vendor::ID, sums.0, sums.1, sums.2)))
        }
        18 => {
            let joined = |dice: &mut Dice<'_>| {
                select::<Item>().join(Item::VENDOR).filter(item(dice, 1)).filter(vendor(dice, 1))
            };
            let kind = dice.of(4);
            let (a, b) = (joined(dice), joined(dice));
            ask!(match kind {
                0 => a.union(b),
                1 => a.union_all(b),
                2 => a.intersect(b),
                _ => a.except(b),
            })
        }
        19 => {
            let change = update::<Item>().filter(item(dice, 3)).set(Item::QTY, Item::QTY + dice.number());
            change!(Item, change.set(Item::NAME, Item::NAME.upper()))
        }
        20 => change!(Vendor, update::<Vendor>().filter(vendor(dice, 3)).set(Vendor::LEAST, dice.number())),
        21 => change!(Note, delete::<Note>().filter(note(dice))),
        _ => {
            let joined = select::<Item>().join(Item::TAGS).filter(tag(dice, 1)).filter(item(dice, 2));
            ask!(joined.select((Item::NAME, opt_word(), Item::QTY)).distinct())
        }
    }
}

fn lines(rows: Vec<Vec<(String, Value)>>) -> Vec<String> {
    rows.into_iter().map(|row| row.iter().map(|(_, value)| mine(value)).collect()).collect()
}

fn opt_word() -> Expr<Tag, String> {
    Tag::WORD.coalesce("none")
}

fn mine(value: &Value) -> String {
    match value {
        Value::Null => "null, ".to_owned(),
        Value::Bool(b) => format!("{}, ", i8::from(*b)),
        Value::Int(i) => format!("{i}, "),
        Value::Wide(i) => format!("{i}, "),
        Value::Float(f) => format!("{:.9e}, ", f + 0.0),
        Value::Text(text) => format!("{text:?}, "),
        other => panic!("{other:?} is no value of the test's tables"),
    }
}

fn fill<S: Server, M: Model>(rows: &[M], db: &Database, server: &mut S) -> Result<(), String> {
    server.batch(&M::table().to_sql(S::DIALECT))?;
    if rows.is_empty() {
        return Ok(());
    }
    let insert = insert::<M>().rows(rows.to_vec());
    let sql = insert.to_sql(S::DIALECT).map_err(|error| error.to_string())?;
    server.run(&sql).map_err(|error| format!("{error} in {sql}"))?;
    db.transaction(|s| s.add_all(rows.iter().cloned())).map(drop).map_err(|error| error.to_string())
}

/// What is compared, and a text in the SQL that is exchanged, where a fault is planted.
pub type Exchanged = Option<(&'static str, &'static str)>;

/// Whether memorm and a server agree on all statements.
pub fn check<S: Server>(case: &Case, exchanged: Exchanged, compared: &AtomicUsize) -> Result<(), String> {
    let (db, mut server) = (Database::new(), S::open()?);
    fill::<S, Vendor>(&case.shop.vendors, &db, &mut server)?;
    fill::<S, Item>(&case.shop.items, &db, &mut server)?;
    fill::<S, Tag>(&case.shop.tags, &db, &mut server)?;
    fill::<S, ItemTag>(&case.shop.links, &db, &mut server)?;
    fill::<S, Note>(&case.shop.notes, &db, &mut server)?;
    for choices in &case.statements {
        let Asked { rows: mut mine, mut sql, after } =
            ask(choices, &db, S::DIALECT).map_err(|error| error.to_string())?;
        if let Some((text, other)) = exchanged {
            sql.text = sql.text.replace(text, other);
        }
        let rows = match after {
            None => server.lines(&sql),
            Some(after) => server.lines_after(&sql, &after),
        };
        let mut theirs = rows.map_err(|error| format!("{error} in {sql} {:?}", sql.parameters))?;
        // a limit is over an order without ties, and else no order is promised
        mine.sort();
        theirs.sort();
        if mine != theirs {
            let (parameters, name) = (&sql.parameters, S::NAME);
            return Err(format!("{sql}\n  {parameters:?}\n  {name} {theirs:#?}\n  memorm {mine:#?}"));
        }
        compared.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
