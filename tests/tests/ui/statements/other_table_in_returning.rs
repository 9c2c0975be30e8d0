mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    delete::<Item>().returning((Item::ID, Vendor::COUNTRY)).all(&mut session)?;
    Ok(())
}
