mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let id: i64 = 7;
    select::<Vendor>().filter(Vendor::ID.eq(id)).all(&session)?;
    Ok(())
}
