mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    insert::<Item>().set(Item::NAME, "a").set(Vendor::COUNTRY, "CA").exec(&mut session)?;
    Ok(())
}
