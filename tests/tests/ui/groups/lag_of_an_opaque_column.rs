mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(lag(Item::BLOB, 1).over(partition_by(()))).all(&session)?;
    Ok(())
}
