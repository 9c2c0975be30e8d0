mod models;
use memorm::query::select;
use models::*;

fn main() -> memorm::Result<()> {
    let session = memorm::Database::new().session();
    select::<Item>().all(&session)?;
    Ok(())
}
