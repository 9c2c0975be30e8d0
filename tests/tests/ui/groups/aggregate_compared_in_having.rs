mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::NAME).aggregate(count()).having(Item::QTY.sum().gt(1)).all(&session)?;
    Ok(())
}
