mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    update::<Item>().set(Vendor::COUNTRY, "CA").exec(&mut session)?;
    Ok(())
}
