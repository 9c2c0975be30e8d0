mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(Vendor::PARENT).join(Vendor::ITEMS).all(&session)?;
    Ok(())
}
