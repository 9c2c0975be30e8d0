mod models;
use memorm::prelude::*;

struct Plain;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Plain>().all(&session)?;
    Ok(())
}
