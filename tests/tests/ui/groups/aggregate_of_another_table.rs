mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::NAME).aggregate(Vendor::ID.max()).all(&session)?;
    Ok(())
}
