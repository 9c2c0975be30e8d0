//! What statements that change rows give back.
use super::asked::{Asked, At, returned};
use super::conditions::{Dice, item};
use super::events::{filter, moment};
use super::shop::{Event, Item};
use memorm::prelude::*;

pub fn updated(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let change = update::<Item>().filter(item(dice, 2)).set(Item::QTY, Item::QTY * 2 - dice.number());
    let change = change.set(Item::PRICE, f64::from(dice.of(9)) / 2.0);
    returned!(
        at,
        change.returning((Item::ID, Item::QTY + 1, Item::NAME.upper(), Item::PRICE)),
        (id, qty, name, price)
    )
}

pub fn deleted(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let gone = delete::<Event>().filter(filter(dice));
    returned!(at, gone.returning((Event::ID, Event::AT.date(), Event::SEEN)), (id, day, seen))
}

pub fn inserted(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = (0..1 + i64::from(dice.of(4))).map(|i| Item {
        id: 100 + i,
        vendor_id: None,
        qty: dice.number(),
        price: (dice.of(3) > 0).then_some(1.5),
        name: "Ä b".to_owned(),
        active: dice.of(2) == 0,
    });
    let insert = insert::<Item>().rows(rows.collect::<Vec<_>>());
    let parts = (Item::ID, Item::QTY % 4, Item::PRICE.coalesce(0.25), Item::NAME.length());
    returned!(at, insert.returning(parts), (id, qty, price, length))
}

pub fn events(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let change = update::<Event>().filter(filter(dice)).set(Event::SEEN, moment(dice.of(255)));
    returned!(at, change.returning((Event::ID, Event::SEEN.hour(), Event::SEEN)), (id, hour, seen))
}
