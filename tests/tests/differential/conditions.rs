//! Random conditions on related tables, made of numbers: each number is a choice, and 0 the simplest one.
use super::shop::{Item, ItemTag, Note, Tag, Vendor};
use memorm::prelude::*;

/// Choices, one after the other; none left is the first one.
pub struct Dice<'a>(pub std::slice::Iter<'a, u8>);

impl Dice<'_> {
    pub fn of(&mut self, sides: u8) -> u8 {
        self.0.next().map_or(0, |number| number % sides)
    }
    pub fn number(&mut self) -> i64 {
        self.of(6).into()
    }
}

pub fn item(dice: &mut Dice<'_>, depth: u8) -> Filter<Item> {
    let deeper = depth.saturating_sub(1);
    match dice.of(if depth == 0 { 6 } else { 26 }) {
        0 => Item::QTY.gt(dice.number()),
        1 => Item::PRICE.le(f64::from(dice.of(6)) / 2.0),
        2 => Item::VENDOR_ID.is_none(),
        3 => Item::NAME.like(["a%", "_", "%b"][usize::from(dice.of(3))]),
        4 => Item::ACTIVE.eq(dice.of(2) == 0),
        5 => Item::VENDOR_ID.eq(dice.number()),
        6 | 7 => item(dice, deeper) & item(dice, deeper),
        8 => item(dice, deeper) | item(dice, deeper),
        9 => !item(dice, deeper),
        10 | 11 => Item::VENDOR.any(vendor(dice, deeper)),
        12 => Item::VENDOR.none(vendor(dice, deeper)),
        13 => Item::VENDOR.every(vendor(dice, deeper)),
        14 => Item::TAGS.any(tag(dice, deeper)),
        15 => Item::TAGS.none(tag(dice, deeper)),
        16 => Item::TAGS.every(tag(dice, deeper)),
        17 => Item::LINKS.any(link(dice, deeper)),
        18 => Item::VENDOR_ID.in_(select::<Vendor>().filter(vendor(dice, deeper)).select(Vendor::ID)),
        19 => {
            Item::VENDOR_ID.not_in(select::<Vendor>().filter(vendor(dice, deeper)).select(Vendor::PARENT_ID))
        }
        20 => {
            let some = select::<Item>().filter(item(dice, deeper)).order_by((Item::QTY.desc(), Item::ID));
            Item::QTY.in_(some.limit(dice.of(4).into()).offset(dice.of(2).into()).select(Item::QTY))
        }
        21 => item(dice, deeper) & exists(select::<Vendor>().filter(vendor(dice, deeper))),
        22 => item(dice, deeper) | !exists(select::<Item>().join(Item::VENDOR).filter(vendor(dice, deeper))),
        23 => Item::QTY.ge(select::<Item>().filter(item(dice, deeper)).scalar(Item::QTY.min())),
        24 => {
            let some =
                select::<Item>().filter(item(dice, deeper)).order_by(Item::ID).limit(dice.of(4).into());
            Item::PRICE.lt(some.scalar(Item::PRICE.avg()))
        }
        _ => Item::PRICE.ne(select::<Item>().filter(Item::ID.eq(dice.number())).select(Item::PRICE).scalar()),
    }
}

pub fn vendor(dice: &mut Dice<'_>, depth: u8) -> Filter<Vendor> {
    let deeper = depth.saturating_sub(1);
    match dice.of(if depth == 0 { 4 } else { 14 }) {
        0 => Vendor::LEAST.lt(dice.number()),
        1 => Vendor::COUNTRY.eq("a"),
        2 => Vendor::PARENT_ID.is_some(),
        3 => Vendor::ID.ne(dice.number()),
        4 => vendor(dice, deeper) & vendor(dice, deeper),
        5 => vendor(dice, deeper) | vendor(dice, deeper),
        6 => !vendor(dice, deeper),
        7 => Vendor::ITEMS.any(item(dice, deeper)),
        8 => Vendor::ITEMS.none(item(dice, deeper)),
        9 => Vendor::ITEMS.every(item(dice, deeper)),
        10 => Vendor::PARENT.any(vendor(dice, deeper)),
        11 => Vendor::CHILDREN.every(vendor(dice, deeper)),
        12 => Vendor::ID.not_in(select::<Item>().filter(item(dice, deeper)).select(Item::VENDOR_ID)),
        _ => Vendor::LEAST.le(select::<Item>().filter(item(dice, deeper)).scalar(Item::QTY.max())),
    }
}

pub fn tag(dice: &mut Dice<'_>, depth: u8) -> Filter<Tag> {
    let deeper = depth.saturating_sub(1);
    match dice.of(if depth == 0 { 3 } else { 6 }) {
        0 => Tag::WORD.is_some(),
        1 => Tag::WORD.lt("b"),
        2 => Tag::ID.le(dice.number()),
        3 => !tag(dice, deeper),
        4 => Tag::ITEMS.none(item(dice, deeper)),
        _ => Tag::ITEMS.any(item(dice, deeper)),
    }
}

fn link(dice: &mut Dice<'_>, depth: u8) -> Filter<ItemTag> {
    match dice.of(if depth == 0 { 1 } else { 5 }) {
        0 => ItemTag::TAG_ID.gt(dice.number()),
        1 => ItemTag::NOTES.any(note(dice)),
        2 => ItemTag::NOTES.none(note(dice)),
        3 => ItemTag::NOTES.every(note(dice)),
        _ => ItemTag::TAG.any(tag(dice, depth - 1)),
    }
}

pub fn note(dice: &mut Dice<'_>) -> Filter<Note> {
    match dice.of(4) {
        0 => Note::STARS.gt(dice.number()),
        1 => Note::TAG_ID.is_none(),
        2 => Note::LINK.none(ItemTag::TAG_ID.gt(dice.number())),
        _ => Note::LINK.any(ItemTag::TAG_ID.gt(dice.number())),
    }
}
