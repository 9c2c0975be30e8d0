mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join(Item::VENDOR).with(Item::TAGS).all(&session)?;
    Ok(())
}
