mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    insert::<Item>().set(Item::QTY, Item::QTY + 1).exec(&mut session)?;
    Ok(())
}
