mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().left_join(Item::VENDOR).filter(on(Vendor::COUNTRY).eq("US")).all(&session)?;
    Ok(())
}
