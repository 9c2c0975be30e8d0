//! A shop, and a database with some of it.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors", has_many(ITEMS: Item, by = VENDOR), has_one(PROFILE: Profile, by = VENDOR))]
pub struct Vendor {
    #[model(primary_key)]
    pub id: u32,
    pub name: String,
    pub country: String,
    #[model(references(Vendor, name = PARENT))]
    pub parent_id: Option<u32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "profiles")]
pub struct Profile {
    #[model(primary_key)]
    pub id: u32,
    #[model(unique, references(Vendor))]
    pub vendor_id: u32,
    pub stars: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
pub struct Item {
    #[model(primary_key)]
    pub id: u64,
    pub name: String,
    #[model(references(Vendor))]
    pub vendor_id: Option<u32>,
    pub qty: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "tags")]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
    pub weight: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "item_tags")]
pub struct ItemTag {
    #[model(primary_key, references(Item))]
    pub item_id: u64,
    #[model(primary_key, references(Tag))]
    pub tag_name: String,
}

pub fn vendor(id: u32, name: &str, country: &str, parent_id: Option<u32>) -> Vendor {
    Vendor { id, name: name.into(), country: country.into(), parent_id }
}

pub fn item(id: u64, name: &str, vendor_id: Option<u32>, qty: i64) -> Item {
    Item { id, name: name.into(), vendor_id, qty }
}

/// Vendors 1 acme (CA), 2 bolt (US, of acme), 3 cord (US, of bolt); items 1–5, of which 4 has no vendor.
pub fn shop() -> Database {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([
            vendor(1, "acme", "CA", None),
            vendor(2, "bolt", "US", Some(1)),
            vendor(3, "cord", "US", Some(2)),
        ])?;
        s.add(Profile { id: 1, vendor_id: 2, stars: 5 })?;
        s.add_all([
            item(1, "nut", Some(2), 5),
            item(2, "gear", Some(1), 1),
            item(3, "pin", Some(2), 1),
            item(4, "ring", None, 7),
            item(5, "cog", Some(1), 0),
        ])?;
        s.add_all(
            [("red", 1), ("blue", 2), ("old", 3)].map(|(name, weight)| Tag { name: name.into(), weight }),
        )?;
        s.add_all(
            [(1, "old"), (1, "red"), (3, "blue")]
                .map(|(item_id, tag)| ItemTag { item_id, tag_name: tag.into() }),
        )
    })
    .expect("a shop");
    db
}
