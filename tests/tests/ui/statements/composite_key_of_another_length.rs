mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    session.get::<ItemTag>((1, "red", 2));
    Ok(())
}
