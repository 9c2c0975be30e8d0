//! Pages by key.
use super::asked::{Asked, At, ask};
use super::conditions::{Dice, item, vendor};
use super::shop::{Item, Vendor};
use memorm::prelude::*;

/// The key of a row that is there.
fn key(dice: &mut Dice<'_>, (db, _): At<'_>) -> memorm::Result<i64> {
    let keys = select::<Item>().select(Item::ID).all(db)?;
    Ok(keys[usize::from(dice.of(12)) % keys.len()])
}

pub fn page(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().filter(item(dice, 2)).after(key(dice, at)?);
    let sorted = match dice.of(4) {
        0 => rows.order_by(Item::ID),
        1 => rows.order_by((Item::QTY.desc(), Item::ID)),
        2 => rows.order_by((Item::NAME, Item::QTY.desc(), Item::ID.desc())),
        _ => rows.order_by((Item::QTY % 3, Item::ACTIVE.desc(), Item::ID)),
    };
    ask!(at, sorted.limit(dice.of(6).into()).offset(dice.of(2).into()))
}

pub fn page_with_nulls(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().filter(item(dice, 1)).after(key(dice, at)?);
    let sorted = match dice.of(6) {
        0 => rows.order_by((Item::PRICE, Item::ID)),
        1 => rows.order_by((Item::PRICE.desc(), Item::ID)),
        2 => rows.order_by((Item::PRICE.asc().nulls_first(), Item::ID.desc())),
        3 => rows.order_by((Item::PRICE.desc().nulls_last(), Item::ID)),
        4 => rows.order_by((Item::VENDOR_ID.desc(), Item::PRICE, Item::ID)),
        _ => rows.order_by((Item::ACTIVE, Item::VENDOR_ID, Item::PRICE.desc(), Item::ID)),
    };
    ask!(at, sorted.limit(dice.of(6).into()))
}

pub fn page_of_a_join(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().order_by((Item::PRICE.desc(), Item::ID)).after(key(dice, at)?);
    match dice.of(3) {
        0 => ask!(at, rows.join(Item::VENDOR).filter(vendor(dice, 1)).select((Item::ID, Vendor::ID))),
        1 => ask!(at, rows.left_join(Item::TAGS).filter(item(dice, 1))),
        _ => {
            let groups = rows.filter(item(dice, 1)).group_by(Item::VENDOR_ID);
            ask!(at, groups.aggregate((count(), Item::QTY.sum())))
        }
    }
}
