mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    delete::<Item>().returning("name").all(&mut session)?;
    Ok(())
}
