//! Window functions, over orders without ties where places count.
use super::asked::{Asked, At, ask};
use super::conditions::{Dice, item, vendor};
use super::shop::{Item, Vendor};
use memorm::prelude::*;

pub fn ranked(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let by = partition_by(Item::VENDOR_ID).order_by((Item::PRICE.desc(), Item::ID));
    let ties = partition_by(Item::ACTIVE).order_by(Item::QTY);
    let rows = select::<Item>().filter(item(dice, 2));
    ask!(
        at,
        rows.select((
            Item::ID,
            row_number().over(by.clone()),
            lag(Item::QTY, 1).over(by.clone()),
            lead(Item::NAME, 2).over(by),
            rank().over(ties),
            dense_rank().over(ties),
        ))
    )
}

/// Aggregates from the start of the partition to the last peer.
pub fn running(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().filter(item(dice, 2));
    let ties = partition_by(Item::VENDOR_ID).order_by(Item::QTY);
    let last = partition_by(Item::ACTIVE).order_by((Item::QTY.desc(), Item::ID));
    match dice.of(3) {
        0 => {
            let sums = (Item::QTY.sum().over(ties), Item::PRICE.sum().over(ties));
            ask!(
                at,
                rows.select((Item::ID, sums.0, sums.1, count().over(ties), count_of(Item::PRICE).over(ties)))
            )
        }
        1 => {
            let ends = (Item::PRICE.min().over(ties), Item::NAME.max().over(ties));
            ask!(
                at,
                rows.select((
                    Item::ID,
                    ends.0,
                    ends.1,
                    Item::QTY.avg().over(ties),
                    Item::PRICE.avg().over(ties)
                ))
            )
        }
        _ => ask!(
            at,
            rows.select((Item::ID, Item::PRICE.first().over(last.clone()), Item::QTY.last().over(last)))
        ),
    }
}

/// Aggregates of whole partitions.
pub fn whole(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().filter(item(dice, 2));
    let (all, parts) = (partition_by(()), partition_by((Item::VENDOR_ID, Item::QTY % 2)));
    let sorted = rows.order_by((Item::QTY, Item::ID)).limit(dice.of(8).into()).offset(dice.of(3).into());
    ask!(
        at,
        sorted.select((
            Item::ID,
            count().over(all),
            Item::QTY.max().over(all),
            Item::PRICE.avg().over(parts.clone()),
            Item::QTY.sum().over(parts),
        ))
    )
}

pub fn joined(dice: &mut Dice<'_>, at: At<'_>) -> memorm::Result<Asked> {
    let rows = select::<Item>().join(Item::VENDOR).filter(item(dice, 1)).filter(vendor(dice, 1));
    let by = partition_by(Vendor::COUNTRY).order_by((Item::QTY, Item::ID));
    let least = Vendor::LEAST.max().over(partition_by(Item::ACTIVE));
    ask!(at, rows.select((Item::ID, row_number().over(by), Item::QTY.sum().over(by), least)))
}
