mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(Vendor::PARENT).order_by(Vendor::NAME).all(&session)?;
    Ok(())
}
