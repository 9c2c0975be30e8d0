mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join_on::<Vendor>(on(Item::QTY).eq(on(Vendor::NAME))).all(&session)?;
    Ok(())
}
