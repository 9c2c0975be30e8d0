use memorm::prelude::*;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

struct Plain;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    let rows = select::<Plain>().filter(Item::ID.gt(1)).order_by(Item::ID).limit(3).all(&session)?;
    println!("{}", rows.len());
    Ok(())
}
