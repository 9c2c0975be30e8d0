mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().with(Item::VENDOR_ID).all(&session)?;
    Ok(())
}
