mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(rank().over(partition_by(()).order_by(Item::QTY)).eq(1)).all(&session)?;
    Ok(())
}
