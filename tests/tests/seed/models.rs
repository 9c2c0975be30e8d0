//! The models of the model project's tests, and their rows.
#![allow(clippy::duplicated_attributes, reason = "two indexes share a column")]
use jiff::tz::TimeZone;
use memorm::prelude::*;
use serde_json::json;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new)]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "products", constructor = new)]
pub struct Product {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(index, default = true)]
    pub active: bool,
    pub name: String,
    #[model(index, default = "unknown")]
    pub category: String,
    #[model(default = now)]
    pub created_at: Timestamp,
    #[model(default = json!({}))]
    pub data: serde_json::Value,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors")]
pub struct Vendor {
    #[model(primary_key)]
    pub id: u64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "products_with_index", index(active, category), constructor = new)]
#[model(index(category, price))]
pub struct ProductWithIndex {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(index, default = true)]
    pub active: bool,
    pub name: String,
    #[model(index)]
    pub category: String,
    #[model(index, default = 0.0)]
    pub price: Option<f64>,
    #[model(references(Vendor))]
    pub vendor_id: Option<u64>,
}

/// A moment of January 2025, in UTC.
pub fn january(day: i8, hour: i8, minute: i8, second: i8) -> Timestamp {
    let moment = jiff::civil::date(2025, 1, day).at(hour, minute, second, 0);
    moment.to_zoned(TimeZone::UTC).expect("UTC has every moment").timestamp()
}

/// Items 1, 2, 3 … with these names.
pub fn items(names: &[&str]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all(names.iter().map(|name| Item::new(*name))))?;
    Ok(db)
}

/// foo and bar of the first vendor, foobar of the second; foo of category A, the others of B.
pub fn products_of_vendors() -> memorm::Result<Database> {
    let db = Database::new();
    let product = |id, name: &str, category: &str, vendor| ProductWithIndex {
        id,
        vendor_id: Some(vendor),
        ..ProductWithIndex::new(name, category)
    };
    db.transaction(|s| {
        s.add_all([
            Vendor { id: 10, name: "First vendor".into() },
            Vendor { id: 20, name: "Second vendor".into() },
        ])?;
        s.add_all([product(1, "foo", "A", 10), product(2, "bar", "B", 10), product(3, "foobar", "B", 20)])
    })?;
    Ok(db)
}

/// The keys of the rows that a query over items finds, in a session.
pub fn found<M: Model<Key = u64>>(db: &Database, query: Select<M>) -> memorm::Result<Vec<u64>> {
    let session = db.session();
    Ok(session.all(query)?.iter().map(|row| row.key()).collect())
}
