mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut snapshot = Database::new().snapshot();
    delete::<Item>().returning(Item::ID).all(&mut snapshot)?;
    Ok(())
}
