mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(Item::ACTIVE & Item::QTY).all(&session)?;
    Ok(())
}
