mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let item = Item::new("a", 1, 2.0, Blob);
    session.add(&item)?;
    Ok(())
}
