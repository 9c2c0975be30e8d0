mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(case().when(Item::ACTIVE, "yes").otherwise(0)).all(&session)?;
    Ok(())
}
