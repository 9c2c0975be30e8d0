mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    session.get::<ItemTag>(("red", 1));
    Ok(())
}
