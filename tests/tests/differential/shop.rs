//! Related tables, and random rows of them.
use super::events::{document, moment};
use memorm::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "vendors")]
#[model(has_many(ITEMS: Item, by = VENDOR), has_many(CHILDREN: Vendor, by = PARENT))]
pub struct Vendor {
    #[model(primary_key)]
    pub id: i64,
    pub country: String,
    pub least: Option<i64>,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    pub parent_id: Option<i64>,
}

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
#[model(has_many(LINKS: ItemTag, by = ITEM))]
pub struct Item {
    #[model(primary_key)]
    pub id: i64,
    #[model(references(Vendor))]
    pub vendor_id: Option<i64>,
    #[model(index)]
    pub qty: i64,
    #[model(index)]
    pub price: Option<f64>,
    pub name: String,
    pub active: bool,
}

#[derive(Model, Clone, Debug)]
#[model(table = "tags")]
#[model(has_many(ITEMS: Item, through = ItemTag, by = TAG, to = ITEM))]
pub struct Tag {
    #[model(primary_key)]
    pub id: i64,
    pub word: Option<String>,
}

/// A link with a composite key, to which notes refer.
#[derive(Model, Clone, Debug)]
#[model(table = "item_tags")]
#[model(has_many(NOTES: Note, by = LINK))]
pub struct ItemTag {
    #[model(primary_key, references(Item))]
    pub item_id: i64,
    #[model(primary_key, references(Tag))]
    pub tag_id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(table = "notes", references(ItemTag, by = (item_id, tag_id), name = LINK))]
pub struct Note {
    #[model(primary_key)]
    pub id: i64,
    pub item_id: Option<i64>,
    pub tag_id: Option<i64>,
    pub stars: i64,
}

/// Something that happened at a moment, with a document about it.
#[derive(Model, Clone, Debug)]
#[model(table = "events")]
pub struct Event {
    #[model(primary_key)]
    pub id: i64,
    #[model(references(Item, on_delete = set_null))]
    pub item_id: Option<i64>,
    #[model(index)]
    pub at: Timestamp,
    pub seen: Option<Timestamp>,
    pub data: serde_json::Value,
}

/// The rows of all tables.
#[derive(Clone, Debug)]
pub struct Shop {
    pub vendors: Vec<Vendor>,
    pub items: Vec<Item>,
    pub tags: Vec<Tag>,
    pub links: Vec<ItemTag>,
    pub notes: Vec<Note>,
    pub events: Vec<Event>,
}

/// The key of one of the rows, by a number.
fn key(rows: usize, number: u8) -> i64 {
    1 + (usize::from(number) % rows) as i64
}

/// Random rows whose references all lead somewhere.
pub fn shop() -> impl Strategy<Value = Shop> {
    let maybe = || proptest::option::weighted(0.7, any::<u8>());
    let text = || prop::sample::select(&["a", "b", "ab", "B", "", "ä"][..]).prop_map(str::to_owned);
    let vendor = (text(), proptest::option::of(0..6i64), maybe());
    let item = (maybe(), 0..6i64, proptest::option::of(0..6i8), text(), any::<bool>());
    let tag = proptest::option::weighted(0.8, text());
    let link = (any::<u8>(), any::<u8>());
    let note = (any::<u8>(), any::<u8>(), 0..4i64);
    let event = (maybe(), any::<u8>(), maybe(), any::<u8>());
    (
        vec(vendor, 1..6),
        vec(item, 1..12),
        vec(tag, 1..4),
        vec(link, 0..14),
        vec(note, 0..8),
        vec(event, 0..10),
    )
        .prop_map(|(vendors, items, tags, links, notes, events)| {
            let sizes = (vendors.len(), items.len(), tags.len());
            let mut links: Vec<ItemTag> = links
                .into_iter()
                .map(|(item, tag)| ItemTag { item_id: key(sizes.1, item), tag_id: key(sizes.2, tag) })
                .collect();
            links.sort_by_key(|link| (link.item_id, link.tag_id));
            links.dedup_by_key(|link| (link.item_id, link.tag_id));
            let note = |(id, (at, hole, stars)): (i64, (u8, u8, i64))| {
                let link = links.get(usize::from(at) % links.len().max(1));
                let item_id = link.filter(|_| hole % 4 != 0).map(|link| link.item_id);
                Note { id, item_id, tag_id: link.filter(|_| hole % 5 != 0).map(|link| link.tag_id), stars }
            };
            let vendor = |(id, (country, least, parent)): (i64, (String, Option<i64>, Option<u8>))| Vendor {
                id,
                country,
                least,
                parent_id: parent.map(|number| key(sizes.0, number)),
            };
            let item =
                |(id, (vendor, qty, price, name, active)): (i64, (Option<u8>, _, Option<i8>, _, _))| Item {
                    id,
                    vendor_id: vendor.map(|number| key(sizes.0, number)),
                    qty,
                    price: price.map(|half| f64::from(half) / 2.0),
                    name,
                    active,
                };
            let notes = (1..).zip(notes).map(note).collect();
            let event = |(id, (item, at, seen, data)): (i64, (Option<u8>, u8, Option<u8>, u8))| Event {
                id,
                item_id: item.map(|number| key(sizes.1, number)),
                at: moment(at),
                seen: seen.map(moment),
                data: document(data),
            };
            Shop {
                vendors: (1..).zip(vendors).map(vendor).collect(),
                items: (1..).zip(items).map(item).collect(),
                tags: (1..).zip(tags).map(|(id, word)| Tag { id, word }).collect(),
                notes,
                events: (1..).zip(events).map(event).collect(),
                links,
            }
        })
}
