mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(case().when(Item::ACTIVE, 1).when(Vendor::ID.eq(1), 2).end()).all(&session)?;
    Ok(())
}
