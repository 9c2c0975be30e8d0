mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    update::<Item>().set(Item::QTY, 1).exec(&session)?;
    Ok(())
}
