mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>()
        .select(case().when(Item::ACTIVE, 1i64).when(Item::QTY.gt(1), "two").end())
        .all(&session)?;
    Ok(())
}
