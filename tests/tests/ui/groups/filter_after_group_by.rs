mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::NAME).filter(Item::QTY.gt(1)).aggregate(count()).all(&session)?;
    Ok(())
}
