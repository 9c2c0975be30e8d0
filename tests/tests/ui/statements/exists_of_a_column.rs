mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(exists(Vendor::ID)).all(&session)?;
    Ok(())
}
