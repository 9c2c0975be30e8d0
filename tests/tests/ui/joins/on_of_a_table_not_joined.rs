mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join_on::<Vendor>(on(Vendor::NAME).eq(on(Tag::NAME))).all(&session)?;
    Ok(())
}
