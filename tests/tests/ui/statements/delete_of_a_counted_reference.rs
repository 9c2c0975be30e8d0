mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let item = session.get_one::<Item>(1)?;
    session.delete(item)?;
    Ok(())
}
