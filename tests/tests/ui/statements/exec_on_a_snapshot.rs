mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut snapshot = Database::new().snapshot();
    update::<Item>().set(Item::QTY, 1).exec(&mut snapshot)?;
    Ok(())
}
