//! Random statements over related tables: joins, groups, aggregates, subqueries; and the comparison.
use super::asked::{Asked, Then, ask, change};
use super::conditions::{Dice, item, note, tag, vendor};
use super::server::Server;
use super::shop::{Event, Item, ItemTag, Note, Shop, Tag, Vendor, shop};
use super::{events, pages, returning, truths, windows};
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

/// How many shapes of statements there are.
pub const SHAPES: u8 = 43;

/// Asks what the choices say.
fn ask(choices: &[u8], db: &Database, dialect: Dialect) -> memorm::Result<Asked> {
    let at = (db, dialect);
    let dice = &mut Dice(choices.iter());
    let limit = |dice: &mut Dice<'_>| usize::from(dice.of(6));
    match dice.of(SHAPES) {
        0 => ask!(at, select::<Item>().filter(item(dice, 3))),
        1 => ask!(at, select::<Vendor>().filter(vendor(dice, 3)).select((Vendor::ID, Vendor::LEAST))),
        2 => ask!(at, select::<Tag>().filter(tag(dice, 3))),
        3 => ask!(at, select::<Note>().filter(note(dice))),
        4 => {
            let joined = select::<Item>().join(Item::VENDOR).filter(item(dice, 2)).filter(vendor(dice, 2));
            ask!(at, joined.select((Item::ID, Vendor::ID, Vendor::COUNTRY)))
        }
        5 => {
            let joined = select::<Item>().left_join(Item::VENDOR).filter(item(dice, 2));
            ask!(at, joined.select((Item::ID, opt(Vendor::COUNTRY), opt(Vendor::LEAST))))
        }
        6 => {
            let joined = select::<Item>().left_join(Item::VENDOR);
            ask!(at, joined.filter(opt(Vendor::LEAST).is_none() | on(Item::QTY).gt(dice.number())))
        }
        7 => {
            let on = on(item(dice, 1)) & on(Item::QTY).ge(on(Vendor::LEAST));
            ask!(at, select::<Item>().join_on::<Vendor>(on).select((Item::ID, Vendor::ID)))
        }
        8 => {
            let on = on(Item::QTY).eq(on(Vendor::LEAST)) & on(vendor(dice, 1));
            ask!(at, select::<Item>().left_join_on::<Vendor>(on).select((Item::ID, opt(Vendor::ID))))
        }
        9 => {
            let on = on(Item::QTY).lt(on(Vendor::LEAST)) | on(item(dice, 1));
            ask!(at, select::<Item>().left_join_on::<Vendor>(on).select((Item::ID, opt(Vendor::ID))))
        }
        10 => {
            let joined = select::<Item>().join(Item::TAGS).filter(tag(dice, 2)).filter(item(dice, 1));
            ask!(at, joined.select((Item::ID, Tag::ID, Tag::WORD)))
        }
        11 => ask!(at, select::<Item>().left_join(Item::TAGS).filter(item(dice, 2))),
        12 => {
            let joined = select::<Item>().join(Item::VENDOR).left_join(Item::TAGS).filter(vendor(dice, 1));
            let sorted = joined.order_by((Item::QTY.desc(), Vendor::COUNTRY, Item::ID, opt(Tag::ID)));
            let limited = sorted.offset(limit(dice)).limit(limit(dice));
            ask!(at, limited.select((Item::ID, Vendor::COUNTRY, opt(Tag::WORD))))
        }
        13 => {
            let chain = select::<Vendor>().join(Vendor::PARENT).join(Vendor::PARENT.at(RIGHT));
            ask!(at, chain.select((Vendor::ID.at(LEFT), Vendor::COUNTRY.at(RIGHT), Vendor::ID.at(At::<2>))))
        }
        14 => {
            let grouped = select::<Item>().filter(item(dice, 2)).group_by((Item::VENDOR_ID, Item::ACTIVE));
            let sums = (Item::QTY.sum(), Item::QTY.avg(), Item::PRICE.sum(), count_distinct(Item::QTY));
            ask!(at, grouped.aggregate((count(), count_of(Item::PRICE), sums.0, sums.1, sums.2, sums.3)))
        }
        15 => {
            let joined = select::<Item>().join(Item::VENDOR).filter(vendor(dice, 2)).filter(item(dice, 1));
            let grouped = joined.group_by((Vendor::COUNTRY, Item::QTY % 3));
            ask!(at, grouped.aggregate((count(), Item::PRICE.max(), Item::NAME.min(), Vendor::LEAST.sum())))
        }
        16 => {
            let joined = select::<Item>().left_join(Item::TAGS).order_by((Item::QTY, Item::ID, opt(Tag::ID)));
            let grouped = joined.limit(2 + limit(dice)).offset(limit(dice) / 2).group_by(opt(Tag::WORD));
            ask!(at, grouped.aggregate((count(), Item::PRICE.avg(), Item::QTY.max())))
        }
        17 => {
            let (some, all) =
                (select::<Item>().filter(item(dice, 2)), select::<Item>().filter(item(dice, 1)));
            let sums =
                (some.clone().scalar(count()), some.scalar(Item::PRICE.sum()), all.scalar(Item::QTY.avg()));
            ask!(at, select::<Vendor>().filter(vendor(dice, 1)).select((Vendor::ID, sums.0, sums.1, sums.2)))
        }
        18 => {
            let joined = |dice: &mut Dice<'_>| {
                select::<Item>().join(Item::VENDOR).filter(item(dice, 1)).filter(vendor(dice, 1))
            };
            let kind = dice.of(4);
            let (a, b) = (joined(dice), joined(dice));
            ask!(
                at,
                match kind {
                    0 => a.union(b),
                    1 => a.union_all(b),
                    2 => a.intersect(b),
                    _ => a.except(b),
                }
            )
        }
        19 => {
            let change = update::<Item>().filter(item(dice, 3)).set(Item::QTY, Item::QTY + dice.number());
            change!(at, Item, change.set(Item::NAME, Item::NAME.upper()))
        }
        20 => {
            change!(at, Vendor, update::<Vendor>().filter(vendor(dice, 3)).set(Vendor::LEAST, dice.number()))
        }
        21 => change!(at, Note, delete::<Note>().filter(note(dice))),
        22 => {
            let joined = select::<Item>().join(Item::TAGS).filter(tag(dice, 1)).filter(item(dice, 2));
            ask!(at, joined.select((Item::NAME, opt_word(), Item::QTY)).distinct())
        }
        23 => windows::ranked(dice, at),
        24 => windows::running(dice, at),
        25 => windows::whole(dice, at),
        26 => windows::joined(dice, at),
        27 => pages::page(dice, at),
        28 => pages::page_with_nulls(dice, at),
        29 => pages::page_of_a_join(dice, at),
        30 => events::filtered(dice, at),
        31 => events::parts(dice, at),
        32 => events::documents(dice, at),
        33 => events::by_day(dice, at),
        34 => returning::updated(dice, at),
        35 => returning::deleted(dice, at),
        36 => returning::inserted(dice, at),
        37 => returning::events(dice, at),
        38 => truths::selected(dice, at),
        39 => truths::compared(dice, at),
        40 => truths::joined(dice, at),
        41 => truths::grouped(dice, at),
        _ => truths::returned(dice, at),
    }
}

fn opt_word() -> Expr<Tag, String> {
    Tag::WORD.coalesce("none")
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
    fill::<S, Event>(&case.shop.events, &db, &mut server)?;
    for choices in &case.statements {
        let Asked { rows: mut mine, mut sql, then } =
            ask(choices, &db, S::DIALECT).map_err(|error| error.to_string())?;
        if let Some((text, other)) = exchanged {
            sql.text = sql.text.replace(text, other);
        }
        let rows = match then {
            Then::Answer => server.lines(&sql),
            Then::Undo => server.lines_of(&sql),
            Then::Ask(question) => server.lines_after(&sql, &question),
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
