mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    update::<Item>().set(Item::QTY, 1).all(&mut session)?;
    Ok(())
}
