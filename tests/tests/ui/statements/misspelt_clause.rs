mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(Item::ID.gt(1)).and(Item::ACTIVE).all(&session)?;
    Ok(())
}
