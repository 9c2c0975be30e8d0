mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add(session.get_one::<Item>(1))?;
    Ok(())
}
