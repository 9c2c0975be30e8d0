//! The tables of these tests.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors", constructor = new)]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    #[model(unique)]
    pub name: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Blob(pub Vec<u8>);

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new, check = is_sane)]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(references(Vendor))]
    pub vendor_id: u32,
    #[model(index)]
    pub price: f64,
    pub qty: i64,
    #[model(version)]
    pub revision: u32,
    #[model(on_update = now)]
    pub changed_at: u64,
    #[model(opaque, default = Blob(vec![]))]
    pub blob: Blob,
    pub note: Option<String>,
}

fn is_sane(item: &Item) -> Result<(), &'static str> {
    if item.qty < 0 { Err("qty is negative") } else { Ok(()) }
}

/// Two vendors, three items of the first with quantities 10, 20, 30. The clock stands still.
pub fn shop() -> Database {
    let db = Database::builder().clock(|| 7u64).history(100).build();
    db.transaction(|s| {
        s.add_all([Vendor::new("acme"), Vendor::new("globex")])?;
        s.add_all([10, 20, 30].map(|qty| Item::new(1, 1.5, qty)))
    })
    .expect("the rows keep all rules");
    db
}

pub fn set_qty(db: &Database, id: u64, qty: i64) {
    db.transaction(|s| s.update::<Item>(id, |item| item.qty = qty)).expect("the row is there");
}

/// The quantities in row order, with their keys.
pub fn stock(db: &Database) -> Vec<(u64, i64)> {
    select::<Item>().select((Item::ID, Item::QTY)).all(db).expect("nothing to compute")
}
