//! Rows with every kind of index and reference.
use memorm::prelude::*;
use memorm_tests::{Dump, dump};

#[derive(Model, Clone, Debug)]
#[model(table = "rows", constructor = new)]
pub struct Row {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(unique)]
    pub key: i64,
    #[model(index)]
    pub label: String,
    #[model(references(Row, name = PARENT, on_delete = cascade))]
    pub parent_id: Option<u64>,
    #[model(references(Row, name = FRIEND, on_delete = set_null))]
    pub friend_id: Option<u64>,
    #[model(version)]
    pub version: u32,
}

/// A table that is absent at first.
#[derive(Model, Clone, Debug)]
#[model(table = "notes")]
pub struct Note {
    #[model(primary_key)]
    pub id: u64,
    #[model(references(Row))]
    pub row_id: u64,
}

pub fn row(key: i64) -> Row {
    Row::new(key, format!("label {}", key % 3))
}

/// Rows 1 to 12; 2 and 3 depend on 1, 4 on 2, and 5 has 1 as a friend.
pub fn fill(db: &Database) -> memorm::Result<()> {
    db.transaction(|s| {
        s.add_all((1..=12).map(row))?;
        for (child, parent) in [(2, 1), (3, 1), (4, 2)] {
            s.update::<Row>(child, |row| row.parent_id = Some(parent))?;
        }
        s.update::<Row>(5, |row| row.friend_id = Some(1)).map(drop)
    })
}

pub fn all(snapshot: &Snapshot) -> Dump {
    dump(snapshot, &["rows", "notes"])
}
