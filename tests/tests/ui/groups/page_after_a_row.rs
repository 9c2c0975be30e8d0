mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let item = session.get_one::<Item>(1)?;
    select::<Item>().after(&item).all(&session)?;
    Ok(())
}
