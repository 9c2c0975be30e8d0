mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(rank().over(partition_by(()).order_by(Item::BLOB))).all(&session)?;
    Ok(())
}
