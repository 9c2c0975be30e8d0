mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.update::<Item>(1, |item| "7".parse().map(|qty| item.qty = qty))?;
    Ok(())
}
