//! Moments and documents.
use super::asked::{Asked, At, ask};
use super::conditions::{Dice, item};
use super::shop::{Event, Item};
use jiff::Timestamp;
use jiff::civil::date;
use memorm::prelude::*;

/// A moment near the borders of days, months and years, whole microseconds from 1970.
pub fn moment(number: u8) -> Timestamp {
    const HOURS: i64 = 3_600_000_000;
    let borders = [0, 1, -1, 24 * HOURS, 24 * HOURS - 1, -24 * HOURS, 31 * 24 * HOURS, 59 * 24 * HOURS];
    let border = borders[usize::from(number) % borders.len()];
    let years = 366 * 24 * HOURS * i64::from(number / 32 % 8) * 4;
    Timestamp::from_microsecond(border + years + i64::from(number % 5) * HOURS)
        .expect("a moment of this century")
}

/// Documents whose parts are of one kind, or missing.
pub fn document(number: u8) -> serde_json::Value {
    let n = number % 7;
    let mut document =
        serde_json::json!({ "n": n, "list": [n, 2, 3], "deep": { "s": "ab", "f": f64::from(n) + 0.5 } });
    match number / 7 % 6 {
        0 => document["n"] = serde_json::Value::Null,
        1 => document["s"] = "ä".into(),
        2 => document["deep"]["s"] = "".into(),
        3 => document["flag"] = (n > 3).into(),
        4 => document = serde_json::json!({}),
        _ => document["list"] = serde_json::json!([]),
    }
    document
}

fn condition(dice: &mut Dice<'_>, depth: u8) -> Filter<Event> {
    let day = |dice: &mut Dice<'_>| {
        [date(1970, 1, 1), date(1970, 1, 2), date(1974, 1, 4), date(1969, 12, 31)][usize::from(dice.of(4))]
    };
    match dice.of(if depth == 0 { 17 } else { 20 }) {
        0 => Event::AT.gt(moment(dice.of(255))),
        1 => Event::AT.date().ge(day(dice)),
        2 => Event::AT.date().eq(day(dice)),
        3 if dice.of(2) == 0 => Event::AT.date().year().lt(1970 + i32::from(dice.of(30))),
        3 => Event::AT.year().lt(1970 + i32::from(dice.of(30))),
        4 => Event::AT.month().eq(1 + i32::from(dice.of(12))),
        5 => Event::AT.day().gt(i32::from(dice.of(31))),
        6 => Event::AT.hour().le(i32::from(dice.of(24))),
        7 => Event::SEEN.is_none(),
        8 => Event::SEEN.date().ne(day(dice)),
        9 => Event::SEEN.lt(moment(dice.of(255))),
        10 => Event::DATA.json("$.n").eq(dice.number()),
        11 => Event::DATA.json("$.n").gt(dice.number()),
        12 => Event::DATA.json("$.deep.s").eq("ab"),
        13 => Event::DATA.json("$.list[0]").le(dice.number()),
        14 => Event::DATA.json("$.flag").eq(true),
        15 => Event::DATA.json("$.deep.f").lt(f64::from(dice.of(6))),
        16 => Event::DATA.json("$.s").is_some(),
        17 => condition(dice, depth - 1) & condition(dice, depth - 1),
        18 => condition(dice, depth - 1) | condition(dice, depth - 1),
        _ => !condition(dice, depth - 1),
    }
}

pub fn filter(dice: &mut Dice<'_>) -> Filter<Event> {
    condition(dice, 2)
}

pub fn filtered(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Event>().filter(filter(dice));
    match dice.of(2) {
        0 => ask!(at, rows.select((Event::ID, Event::AT, Event::SEEN))),
        _ => ask!(
            at,
            rows.join(Event::ITEM).filter(item(dice, 1)).select((Event::ID, Item::ID, Event::SEEN.date()))
        ),
    }
}

pub fn parts(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Event>().filter(filter(dice)).order_by((Event::AT.desc(), Event::ID));
    let when = (Event::AT.date(), Event::AT.year(), Event::AT.month(), Event::AT.day(), Event::AT.hour());
    let of_day = (Event::AT.date().month(), Event::SEEN.date().day());
    let all = (Event::ID, when.0, when.1, when.2, when.3, when.4, of_day.0, of_day.1);
    ask!(at, rows.limit(dice.of(9).into()).select(all))
}

pub fn documents(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Event>().filter(filter(dice));
    let parts = (Event::DATA.json("$.n"), Event::DATA.json("$.deep.s"), Event::DATA.json("$.list[0]"));
    ask!(
        at,
        rows.select((
            Event::ID,
            parts.0,
            parts.1,
            parts.2,
            Event::DATA.json("$.deep.f"),
            Event::DATA.json("$.deep")
        ))
    )
}

pub fn by_day(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Event>().filter(filter(dice));
    let ends = (Event::AT.min(), Event::AT.max(), count_of(Event::SEEN));
    match dice.of(2) {
        0 => ask!(at, rows.group_by(Event::AT.date()).aggregate((count(), ends.0, ends.1, ends.2))),
        _ => ask!(at, rows.group_by((Event::AT.year(), Event::SEEN.month())).aggregate((count(), ends.1))),
    }
}
