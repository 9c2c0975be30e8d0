mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let names = ["a", "b"];
    select::<Item>().filter(Item::ID.eq(names.len())).all(&session)?;
    Ok(())
}
