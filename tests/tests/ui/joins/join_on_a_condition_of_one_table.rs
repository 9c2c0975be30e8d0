mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join_on::<Vendor>(Item::QTY.eq(1)).all(&session)?;
    Ok(())
}
