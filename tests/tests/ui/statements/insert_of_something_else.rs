mod models;
use memorm::prelude::*;

struct Plain;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    insert::<Plain>().exec(&mut session)?;
    Ok(())
}
