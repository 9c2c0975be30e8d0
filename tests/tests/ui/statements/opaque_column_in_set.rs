mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    update::<Item>().set(Item::BLOB, Blob).exec(&mut session)?;
    Ok(())
}
