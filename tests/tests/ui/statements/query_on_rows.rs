mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let items = select::<Item>().all(&session)?;
    select::<Item>().filter(Item::ACTIVE).all(&items)?;
    Ok(())
}
