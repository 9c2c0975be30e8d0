//! A shop, with a key, a reference and an index of each kind.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", constructor = new)]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    #[model(unique)]
    pub name: String,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    pub parent_id: Option<u32>,
}

#[derive(Model, Clone, Debug)]
#[model(table = "items", index(vendor_id, price), unique(vendor_id, sku), constructor = new)]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    pub sku: String,
    #[model(references(Vendor, on_delete = cascade))]
    pub vendor_id: u32,
    #[model(index)]
    pub price: f64,
    pub note: Option<String>,
    #[model(version)]
    pub revision: u32,
}

#[derive(Model, Clone, Debug)]
#[model(table = "passports")]
pub struct Passport {
    #[model(primary_key, references(Vendor))]
    pub vendor_id: u32,
    #[model(unique, deferred)]
    pub number: Vec<u8>,
    #[model(opaque)]
    pub seal: (u8, u8),
}

/// A name of signs that mean something in a diagram.
#[derive(Model, Clone, Debug)]
#[model(table = "50% \"off\" \\ <#1;>\u{1}")]
pub struct Sale {
    #[model(primary_key)]
    pub pk: u64,
    pub _pk: u64,
    pub größe: Fk,
    #[model(references(End, name = TO))]
    pub end_id: u64,
}

/// Names that are words of a diagram.
#[derive(Model, Clone, Debug)]
#[model(table = "end")]
pub struct End {
    #[model(primary_key)]
    pub uk: u64,
}

#[derive(Field, Clone, Debug)]
pub struct Fk(u8);

#[derive(Model, Clone, Debug)]
#[model(table = "boxes")]
pub struct Boxed<T: memorm::model::Scalar> {
    #[model(primary_key)]
    pub id: u64,
    pub inside: T,
}
