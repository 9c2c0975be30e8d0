mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(Vendor::PARENT).select((Vendor::NAME.at(LEFT), Vendor::NAME)).all(&session)?;
    Ok(())
}
