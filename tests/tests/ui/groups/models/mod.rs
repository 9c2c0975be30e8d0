//! The models of the wrong groups, windows, projections and pages.
#![allow(unused, reason = "each case uses a part of the models")]
use memorm::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub struct Blob;

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    pub name: String,
    pub qty: i64,
    pub price: f64,
    pub note: Option<String>,
    pub active: bool,
    #[model(references(Vendor))]
    pub vendor_id: u32,
    #[model(opaque)]
    pub blob: Blob,
}

#[derive(Model, Clone, Debug)]
#[model(table = "vendors")]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    pub country: String,
}
