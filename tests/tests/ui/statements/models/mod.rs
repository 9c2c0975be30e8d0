//! The models of the wrong statements.
#![allow(unused, reason = "each case uses a part of the models")]
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(constructor = new)]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(unique)]
    pub name: String,
    pub qty: i64,
    pub price: f64,
    pub note: Option<String>,
    pub spare: Option<i64>,
    #[model(default = true)]
    pub active: bool,
    #[model(opaque)]
    pub blob: Blob,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Blob;

#[derive(Model, Clone, Debug)]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    pub country: String,
}

#[derive(Model, Clone, Debug)]
pub struct ItemTag {
    #[model(primary_key)]
    pub item_id: u64,
    #[model(primary_key)]
    pub tag_name: String,
}
