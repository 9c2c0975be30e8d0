mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().group_by(Item::NAME).aggregate(count()).having(|n| *n > 1).all(&session)?;
    Ok(())
}
