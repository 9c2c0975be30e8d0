mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::NAME).aggregate(count_of(Item::QTY.sum())).all(&session)?;
    Ok(())
}
