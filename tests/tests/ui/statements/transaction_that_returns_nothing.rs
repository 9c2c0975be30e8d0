mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let database = Database::new();
    database.transaction(|s| {
        s.delete_by_key::<Item>(1)?;
    })?;
    Ok(())
}
