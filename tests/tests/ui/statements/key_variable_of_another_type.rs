mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let id: u32 = 7;
    session.get_one::<Item>(id)?;
    Ok(())
}
