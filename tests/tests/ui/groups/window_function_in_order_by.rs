mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().order_by(rank().over(partition_by(()))).all(&session)?;
    Ok(())
}
