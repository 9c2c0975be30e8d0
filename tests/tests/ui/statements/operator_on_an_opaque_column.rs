mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().filter(Item::BLOB.eq(Blob)).all(&session)?;
    Ok(())
}
