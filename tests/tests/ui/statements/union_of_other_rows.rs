mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let names = select::<Item>().select(Item::NAME);
    names.union(select::<Item>().select(Item::QTY)).all(&session)?;
    Ok(())
}
