mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    delete::<Item>().filter(Vendor::ID.eq(1)).exec(&mut session)?;
    Ok(())
}
