//! Twenty years of the stock market as related tables, and what can be asked across them.
//!
//! ```text
//! cargo run --release -p memorm --example markets
//! ```
//!
//! ```text
//!   years ◄── months ◄── days ◄── events        regimes
//!   2008      200809     20080915 Lehman …      from one day to another: no key leads there
//! ```
//!
//! The figures are those of the S&P 500 index, and the assertions are facts that can be looked up.
use memorm::prelude::*;
use memorm::{Error, Result};
use std::cmp::Reverse;

#[derive(Model, Clone, Debug)]
#[model(table = "years", has_many(MONTHS: Month, by = YEAR))]
struct Year {
    #[model(primary_key)]
    id: u32,
}

#[derive(Model, Clone, Debug)]
#[model(table = "months", has_many(DAYS: Day, by = MONTH))]
struct Month {
    /// 200809 is September 2008.
    #[model(primary_key)]
    id: u32,
    #[model(references(Year))]
    year_id: u32,
}

#[derive(Model, Clone, Debug)]
#[model(table = "days", has_many(EVENTS: Event, by = DAY))]
struct Day {
    /// 20080915 is the 15th of September 2008.
    #[model(primary_key)]
    id: u32,
    #[model(references(Month))]
    month_id: u32,
    #[model(index)]
    close: f64,
    /// Since the close before, in percent; the first day has none.
    #[model(index)]
    change: Option<f64>,
    volume: i64,
}

/// What was in the papers. Not on every such day was there trade.
#[derive(Model, Clone, Debug)]
#[model(table = "events", constructor = new)]
struct Event {
    #[model(primary_key, auto)]
    id: u32,
    title: String,
    date: u32,
    #[model(references(Day))]
    day_id: Option<u32>,
}

/// The way from one high or low to the next.
#[derive(Model, Clone, Debug)]
#[model(table = "regimes")]
struct Regime {
    #[model(primary_key)]
    id: u32,
    name: String,
    first: u32,
    last: u32,
}

const CSV: &str = include_str!("data/sp500-2000.csv");

const EVENTS: [(&str, u32); 8] = [
    ("the dot-com bubble at its height", 20000324),
    ("attack on the World Trade Center", 20010911),
    ("Bear Stearns is sold on a Sunday", 20080316),
    ("Lehman Brothers goes bankrupt", 20080915),
    ("the flash crash", 20100506),
    ("the United States lose a rating", 20110808),
    ("the vote on Brexit is counted", 20160624),
    ("the virus closes the country", 20200316),
];

const REGIMES: [(&str, u32, u32); 6] = [
    ("bubble", 20000103, 20000324),
    ("hangover", 20000325, 20021009),
    ("houses", 20021010, 20071009),
    ("crisis", 20071010, 20090309),
    ("long rise", 20090310, 20200219),
    ("virus", 20200220, 20200417),
];

fn main() -> Result<()> {
    let db = Database::new();
    load(&db)?;
    db.assert_consistent();
    groups(&db)?;
    joins(&db)?;
    relatives(&db)?;
    subqueries(&db)?;
    plans(&db)
}

fn load(db: &Database) -> Result<()> {
    db.transaction(|session| {
        let mut before = None;
        for line in CSV.lines().skip(1) {
            let mut day = day(line).ok_or_else(|| Error::other(format!("not a line of prices: {line}")))?;
            day.change = before.map(|before| (day.close / before - 1.0) * 100.0);
            before = Some(day.close);
            // rows that are there already are replaced by equal ones
            session.merge(Year { id: day.id / 10_000 })?;
            session.merge(Month { id: day.month_id, year_id: day.id / 10_000 })?;
            session.add(day)?;
        }
        for (title, date) in EVENTS {
            let day_id = session.get::<Day>(date).map(|day| day.id);
            session.add(Event { day_id, ..Event::new(title, date) })?;
        }
        let regime = |(id, (name, first, last)): (u32, (&str, u32, u32))| Regime {
            id,
            name: name.into(),
            first,
            last,
        };
        session.add_all((1..).zip(REGIMES).map(regime)).map(drop)
    })?;
    assert_eq!(select::<Day>().count(db)?, 5_105);
    assert_eq!((select::<Year>().count(db)?, select::<Month>().count(db)?), (21, 244));
    Ok(())
}

/// `date,open,high,low,close,adjclose,volume`
fn day(line: &str) -> Option<Day> {
    let mut fields = line.split(',');
    let id: u32 = fields.next()?.replace('-', "").parse().ok()?;
    let close = fields.nth(3)?.parse().ok()?;
    Some(Day { id, month_id: id / 100, close, change: None, volume: fields.nth(1)?.parse().ok()? })
}

/// The restless years: full years whose days differed most.
fn groups(db: &Database) -> Result<()> {
    let restless = select::<Day>()
        .join(Day::MONTH)
        .group_by(Month::YEAR_ID)
        .aggregate((count(), Day::CHANGE.stddev(), Day::CHANGE.min(), Day::CLOSE.first(), Day::CLOSE.last()))
        .having(|_, (days, ..)| *days > 200)
        .order_by(|_, (_, deviation, ..)| Reverse(*deviation))
        .limit(4)
        .all(db)?;
    println!("restless years      days  deviation  worst day   first close    last");
    for (year, (days, deviation, worst, first, last)) in &restless {
        let [deviation, worst, first, last] =
            [deviation, worst, first, last].map(|value| value.unwrap_or(f64::NAN));
        println!("  {year}  {days:16}  {deviation:8.2}%  {worst:8.2}%  {first:12.2} {last:7.2}");
    }
    let years: Vec<u32> = restless.iter().map(|(year, _)| *year).collect();
    assert_eq!(years[..2], [2008, 2009]);
    let (days, _, _, first, last) = restless[0].1;
    assert_eq!((days, first, last), (253, Some(1447.160034), Some(903.25)));
    Ok(())
}

fn joins(db: &Database) -> Result<()> {
    // a left join keeps what has no partner
    println!("\nevents");
    let events = select::<Event>()
        .left_join(Event::DAY)
        .select((Event::TITLE, Event::DATE, opt(Day::CHANGE)))
        .all(db)?;
    for (title, date, change) in &events {
        let change = change.map_or_else(|| "closed".into(), |change| format!("{change:+.2}%"));
        println!("  {date}  {title:34} {change:>8}");
    }
    let closed = select::<Event>().left_join(Event::DAY).filter_with(|(_, day)| day.is_none());
    let closed = closed.select(Event::DATE).all(db)?;
    assert_eq!(closed, [20010911, 20080316]);

    // a join on any condition: no key leads from a day to its regime
    let within = on(Day::ID).ge(on(Regime::FIRST)) & on(Day::ID).le(on(Regime::LAST));
    let regimes = select::<Day>()
        .join_on::<Regime>(within)
        .group_by((Regime::ID, Regime::NAME))
        .aggregate((count(), Day::CLOSE.first(), Day::CLOSE.last()))
        .all(db)?;
    println!("\nregimes");
    for ((_, name), (days, first, last)) in &regimes {
        if let (Some(first), Some(last)) = (first, last) {
            println!("  {name:10} {days:5} days  {first:8.2} → {last:8.2}");
        }
    }
    assert_eq!(regimes.len(), REGIMES.len());
    assert_eq!(regimes.iter().map(|(_, (days, ..))| days).sum::<u64>(), 5_105, "each day is in one regime");
    assert_eq!(regimes[3].1.2, Some(676.530029), "the low of March 2009");
    Ok(())
}

/// Conditions on related rows, however far away.
fn relatives(db: &Database) -> Result<()> {
    let crashed = Day::CHANGE.le(-5.0);
    let months = select::<Month>().filter(Month::DAYS.any(crashed)).select(Month::ID).all(db)?;
    println!("\nmonths with a day of -5 % or worse: {months:?}");
    assert_eq!(months, [200004, 200809, 200810, 200811, 200812, 200901, 201108, 202003]);

    let calm = select::<Year>().filter(Year::MONTHS.none(Month::DAYS.any(Day::CHANGE.le(-2.0))));
    let calm = calm.select(Year::ID).all(db)?;
    println!("years without a day of -2 %: {calm:?}");
    assert_eq!(calm, [2004, 2005, 2006, 2017]);

    let flat = select::<Month>().filter(Month::DAYS.every(Day::CHANGE.between(-0.75, 0.75)));
    let flat = flat.select(Month::ID).all(db)?;
    println!("months of days within 0.75 %: {flat:?}");
    assert_eq!(flat, [201411, 201702]);

    // and from a row to its relatives
    let lehman = select::<Event>().filter(Event::TITLE.starts_with("Lehman")).one(db)?;
    let day = Event::DAY.of(db, &*lehman).ok_or_else(|| Error::other("there was trade on that day"))?;
    let month = Day::MONTH.of(db, &*day).ok_or_else(|| Error::other("each day has a month"))?;
    assert_eq!((day.close, Month::DAYS.of(db, &*month).len()), (1192.699951, 21));
    Ok(())
}

fn subqueries(db: &Database) -> Result<()> {
    let lowest = select::<Day>().filter(Day::CLOSE.eq(select::<Day>().scalar(Day::CLOSE.min()))).one(db)?;
    let highest = select::<Day>().filter(Day::CLOSE.eq(select::<Day>().scalar(Day::CLOSE.max()))).one(db)?;
    println!("\nlowest close {} on {}, highest {} on {}", lowest.close, lowest.id, highest.close, highest.id);
    assert_eq!((lowest.id, highest.id), (20090309, 20200219));

    // the worst days of the months in which something happened
    let eventful = select::<Day>().filter(Day::EVENTS.any(Event::ID.gt(0))).select(Day::MONTH_ID);
    let worst = select::<Day>().filter(Day::MONTH_ID.in_(eventful)).order_by(Day::CHANGE).limit(3);
    let worst = worst.select(Day::ID).all(db)?;
    println!("worst days of eventful months: {worst:?}");
    assert_eq!(worst, [20200316, 20200312, 20080929]);
    Ok(())
}

/// How rows are found, and how a server would be asked.
fn plans(db: &Database) -> Result<()> {
    let crashes = select::<Day>()
        .join(Day::MONTH)
        .filter(Day::CHANGE.lt(-7.0) & Day::CLOSE.gt(900.0))
        .order_by(Day::CHANGE)
        .select((Day::ID, Month::YEAR_ID, Day::CHANGE));
    let plan = crashes.explain(db)?;
    println!("\n{plan}\n");
    assert!(plan.access.contains("index") && plan.rows_seen < 100, "not by looking at all days: {plan}");
    assert_eq!(crashes.first(db)?.map(|(day, year, _)| (day, year)), Some((20200316, 2020)));

    let sql = crashes.to_sql(Dialect::Postgres)?;
    println!("{}\n  {:?}", sql.text, sql.parameters);
    assert!(sql.text.contains(r#"JOIN "months""#));
    assert_eq!(sql.parameters, [Value::Float(-7.0), Value::Float(900.0)]);
    Ok(())
}
