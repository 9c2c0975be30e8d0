mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let q = Item::QTY;
    select::<Item>().select((q, q, q, q, q, q, q, q, q, q, q, q, q)).all(&session)?;
    Ok(())
}
