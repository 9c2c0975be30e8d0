mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::QTY).aggregate(Item::ACTIVE.avg()).all(&session)?;
    Ok(())
}
