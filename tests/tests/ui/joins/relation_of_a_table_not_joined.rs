mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Vendor>().join(ItemTag::TAG).all(&session)?;
    Ok(())
}
