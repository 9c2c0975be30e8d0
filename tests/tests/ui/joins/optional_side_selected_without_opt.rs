mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().left_join(Item::VENDOR).select((Item::ID, Vendor::NAME)).all(&session)?;
    Ok(())
}
