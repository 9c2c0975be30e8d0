//! Rows with ties, `None`, NaN and divisors that may be zero.
use memorm::prelude::*;
use rust_decimal::Decimal;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items")]
pub struct Item {
    #[model(primary_key)]
    pub id: u64,
    #[model(index)]
    pub group: i64,
    pub price: f64,
    pub note: Option<String>,
    pub divisor: i64,
}

#[derive(Model, Clone, Debug)]
#[model(table = "others")]
pub struct Other {
    #[model(primary_key)]
    pub id: u64,
}

/// Documents that are equal and look different.
#[derive(Model, Clone, Debug)]
#[model(table = "documents")]
pub struct Document {
    #[model(primary_key)]
    pub id: u64,
    pub group: i64,
    pub data: serde_json::Value,
}

/// Part of another row.
#[derive(Model, Clone, Debug)]
#[model(table = "parts")]
pub struct Part {
    #[model(primary_key)]
    pub id: u64,
    #[model(references(Other, name = WHOLE))]
    pub whole_id: Option<u64>,
}

pub fn item(id: u64, group: i64) -> Item {
    Item { id, group, price: group as f64, note: None, divisor: 1 }
}

/// Rows to be grouped: keys that are equal and look different, sums that depend on their order, and sums that overflow.
#[derive(Model, Clone, Debug)]
#[model(table = "sales")]
pub struct Sale {
    #[model(primary_key)]
    pub id: u64,
    pub shop: Option<String>,
    #[model(index)]
    pub day: i64,
    pub qty: Option<i64>,
    pub price: f64,
    pub tax: Decimal,
    pub wide: i128,
    pub divisor: i64,
}
