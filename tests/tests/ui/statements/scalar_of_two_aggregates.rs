mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(Item::QTY.eq(select::<Item>().scalar((count(), Item::QTY.max())))).all(&session)?;
    Ok(())
}
