//! Rows with ties, `None`, NaN and divisors that may be zero.
use memorm::prelude::*;

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

pub fn item(id: u64, group: i64) -> Item {
    Item { id, group, price: group as f64, note: None, divisor: 1 }
}
