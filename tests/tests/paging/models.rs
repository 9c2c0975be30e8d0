//! The same rows in two tables, one with indexes.
use memorm::prelude::*;

macro_rules! models { ($($Item:ident $name:literal $(#[$index:meta])? $(of several: #[$several:meta])?;)*) => { $(
    #[derive(Model, Clone, Debug, PartialEq)]
    #[model(table = $name)]
    $(#[$several])?
    pub struct $Item {
        #[model(primary_key)]
        pub id: i64,
        $(#[$index])?
        pub price: i64,
        $(#[$index])?
        pub rank: Option<i64>,
        $(#[$index])?
        pub name: String,
        pub weight: f64,
        pub shelf_id: i64,
    }
)* } }
models! {
    Item "items" #[model(index)] of several: #[model(index(shelf_id, price), index(name, shelf_id, rank), index(name, price))];
    Bare "bare";
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "shelves", has_many(ITEMS: Stock, by = SHELF))]
pub struct Shelf {
    #[model(primary_key)]
    pub id: i64,
    pub place: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "stock")]
pub struct Stock {
    #[model(primary_key)]
    pub id: i64,
    #[model(references(Shelf))]
    pub shelf_id: i64,
    pub qty: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "seats")]
pub struct Seat {
    #[model(primary_key)]
    pub row: i64,
    #[model(primary_key)]
    pub place: String,
    pub price: i64,
}

pub fn item(id: i64, price: i64) -> Item {
    Item { id, price, rank: None, name: String::new(), weight: 0.0, shelf_id: 1 }
}

/// A database with items of these keys and prices.
pub fn items(rows: &[(i64, i64)]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all(rows.iter().map(|(id, price)| item(*id, *price))))?;
    Ok(db)
}

pub fn ids(rows: Vec<std::sync::Arc<Item>>) -> Vec<i64> {
    rows.iter().map(|item| item.id).collect()
}
