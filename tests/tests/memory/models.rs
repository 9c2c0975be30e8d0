//! Rows with every kind of index, and rows that refer to them.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
pub struct Item {
    #[model(primary_key)]
    pub id: u64,
    #[model(unique)]
    pub sku: String,
    #[model(index)]
    pub price: f64,
    #[model(index)]
    pub label: Option<String>,
    pub qty: i64,
    #[model(references(Item, name = PARENT, on_delete = cascade))]
    pub parent_id: Option<u64>,
}

pub fn item(id: u64) -> Item {
    Item {
        id,
        sku: format!("a number that is not short {id}"),
        price: (id * 7_919 % 10_007) as f64,
        label: (!id.is_multiple_of(3)).then(|| format!("label {}", id % 50)),
        qty: 1,
        parent_id: (id.is_multiple_of(10) && id > 10).then(|| id - 10),
    }
}

/// So many rows live in a database that is measured.
pub const ROWS: u64 = 1_000;

pub fn database() -> Database {
    filled(Database::new())
}

pub fn filled(db: Database) -> Database {
    db.transaction(|s| s.add_all((1..=ROWS).map(item))).expect("the rows are sound");
    db
}

/// Updates one row in a commit of its own.
pub fn change(db: &Database, id: u64) {
    db.transaction(|s| s.update::<Item>(id, |item| item.qty += 1)).expect("the row is there");
}

/// Updates a row and its indexes.
pub fn move_entries(db: &Database, id: u64) {
    let change = |item: &mut Item| {
        item.price += 1.0;
        item.label = Some(format!("label of {}", item.price));
    };
    db.transaction(|s| s.update::<Item>(id, change)).expect("the row is there");
}
