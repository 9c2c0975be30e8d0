mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let rows: Vec<(String, i64)> = select::<Item>().group_by(Item::NAME).aggregate(count()).all(&session)?;
    drop(rows);
    Ok(())
}
