mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let database = Database::new();
    database.transaction(|s| {
        let qty: i64 = "7".parse()?;
        s.update::<Item>(1, |item| item.qty = qty)
    })?;
    Ok(())
}
