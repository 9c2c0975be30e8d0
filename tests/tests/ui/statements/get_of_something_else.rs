mod models;
use memorm::prelude::*;

struct Plain;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    session.get::<Plain>(1);
    Ok(())
}
