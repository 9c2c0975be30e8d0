mod models;
use memorm::prelude::*;
use models::*;

#[derive(Projection)]
struct Dto {
    name: String,
    qty: u8,
}

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select((Item::NAME, Item::QTY)).all_as::<Dto>(&session)?;
    Ok(())
}
