mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let database = Database::new();
    database.transaction(|s| {
        let name = std::fs::read_to_string("name")?;
        s.add(Item::new(name, 1, 2.0, Blob))
    })?;
    Ok(())
}
