mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select(case().otherwise("low")).all(&session)?;
    Ok(())
}
