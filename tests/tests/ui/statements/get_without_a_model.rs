mod models;
use memorm::prelude::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let item = session.get(1);
    Ok(())
}
