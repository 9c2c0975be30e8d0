mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join(Item::VENDOR).filter(Item::VENDOR_ID.eq(Vendor::ID)).all(&session)?;
    Ok(())
}
