mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join(Item::VENDOR).filter(Item::QTY.eq(1) | Vendor::COUNTRY.eq("US")).all(&session)?;
    Ok(())
}
