mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.upsert_on(Vendor::ID, Item::new("a", 1, 2.0, Blob), |old, new| old.qty = new.qty)?;
    Ok(())
}
