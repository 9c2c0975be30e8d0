mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(Vendor::ID.eq(1)).all(&session)?;
    Ok(())
}
