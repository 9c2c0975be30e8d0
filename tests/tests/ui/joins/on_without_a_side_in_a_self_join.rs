mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(Vendor::PARENT).filter(on(Vendor::COUNTRY).eq("US")).all(&session)?;
    Ok(())
}
