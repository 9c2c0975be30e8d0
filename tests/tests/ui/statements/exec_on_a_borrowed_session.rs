mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let database = Database::new();
    let session: &Session = &database.session();
    update::<Item>().set(Item::QTY, 1).exec(session)?;
    Ok(())
}
