mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(row_number().over(Item::ID.desc())).all(&session)?;
    Ok(())
}
