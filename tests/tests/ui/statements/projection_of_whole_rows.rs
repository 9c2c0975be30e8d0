mod models;
use memorm::prelude::*;
use models::*;

#[derive(Projection)]
struct Dto {
    name: String,
    qty: i64,
}

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().all_as::<Dto>(&session)?;
    Ok(())
}
