mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().with(Vendor::ITEMS.with(Vendor::PARENT)).all(&session)?;
    Ok(())
}
