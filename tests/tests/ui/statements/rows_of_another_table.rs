mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    insert::<Item>().rows([Vendor { id: 1, country: "CA".into() }]).exec(&mut session)?;
    Ok(())
}
