//! Conditions as values: selected, sorted and grouped by, compared, returned.
use super::asked::{Asked, At, ask, returned};
use super::conditions::{Dice, item, vendor};
use super::shop::{Item, Vendor};
use memorm::prelude::*;

pub fn selected(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().filter(item(dice, 1)).order_by((item(dice, 2), Item::ID.desc()));
    let cut = rows.limit(dice.of(12).into());
    let choice = case().when(item(dice, 1), item(dice, 2)).otherwise(item(dice, 1));
    ask!(at, cut.select((Item::ID, item(dice, 3).label("truth"), choice, item(dice, 1).coalesce(false))))
}

pub fn compared(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let filter = match dice.of(5) {
        0 => item(dice, 2).eq(item(dice, 2)),
        1 => Item::ACTIVE.lt(item(dice, 2)),
        2 => item(dice, 2).is_distinct_from(item(dice, 2)),
        3 => item(dice, 2).in_([Some(true), None]),
        _ => item(dice, 2).is_none() | Item::ACTIVE.eq(exists(select::<Vendor>().filter(vendor(dice, 1)))),
    };
    ask!(at, select::<Item>().filter(filter))
}

pub fn joined(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().left_join(Item::VENDOR);
    let parts = (on(item(dice, 2)), opt(Vendor::LEAST).gt(on(Item::QTY)), on(item(dice, 1)).eq(true));
    ask!(at, rows.select((Item::ID, parts.0, parts.1, parts.2)))
}

pub fn grouped(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let groups = select::<Vendor>().filter(vendor(dice, 1)).group_by((vendor(dice, 2), Vendor::LEAST.gt(2)));
    ask!(at, groups.aggregate((count(), count_of(vendor(dice, 1)), count_distinct(Vendor::LEAST.lt(3)))))
}

pub fn returned(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let change = update::<Item>().filter(item(dice, 1)).set(Item::ACTIVE, item(dice, 2).coalesce(false));
    let parts = (Item::ID, Item::ACTIVE, Item::PRICE.gt(1), Item::QTY.lt(dice.number()));
    returned!(at, change.returning(parts), (id, active, dear, scarce))
}
