mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(case().when(Item::QTY.gt(1), "high")).all(&session)?;
    Ok(())
}
