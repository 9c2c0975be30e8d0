mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(Vendor::PARENT).filter(Vendor::NAME.at(At::<2>).eq("x")).all(&session)?;
    Ok(())
}
