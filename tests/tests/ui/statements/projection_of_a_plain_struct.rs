mod models;
use memorm::prelude::*;
use models::*;

struct Dto {
    name: String,
    qty: i64,
}

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<Item>().select((Item::NAME, Item::QTY)).all_as::<Dto>(&session)?;
    Ok(())
}
