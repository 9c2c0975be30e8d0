mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().join(Item::VENDOR).filter_with(|item| item.qty > 1).all(&session)?;
    Ok(())
}
