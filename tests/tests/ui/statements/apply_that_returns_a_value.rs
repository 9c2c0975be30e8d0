mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    update::<Item>().apply(&mut session, |item| item.qty)?;
    Ok(())
}
