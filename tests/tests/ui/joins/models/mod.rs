//! The models of the wrong joins.
#![allow(unused, reason = "each case uses a part of the models")]
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "items", has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    pub qty: i64,
    #[model(references(Vendor))]
    pub vendor_id: u32,
}

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", has_many(ITEMS: Item, by = VENDOR))]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    pub name: String,
    pub country: String,
    #[model(references(Vendor, name = PARENT))]
    pub parent_id: Option<u32>,
}

#[derive(Model, Clone, Debug)]
#[model(table = "tags")]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "item_tags")]
pub struct ItemTag {
    #[model(primary_key, references(Item))]
    pub item_id: u64,
    #[model(primary_key, references(Tag))]
    pub tag_name: String,
}
