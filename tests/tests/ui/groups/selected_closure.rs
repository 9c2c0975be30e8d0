mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(|item: &Item| item.qty > 1).all(&session)?;
    Ok(())
}
