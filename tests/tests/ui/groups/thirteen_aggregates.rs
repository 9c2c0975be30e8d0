mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let n = count();
    select::<Item>().group_by(Item::QTY).aggregate((n, n, n, n, n, n, n, n, n, n, n, n, n)).all(&session)?;
    Ok(())
}
