mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(Item::VENDOR.eq(1)).all(&session)?;
    Ok(())
}
