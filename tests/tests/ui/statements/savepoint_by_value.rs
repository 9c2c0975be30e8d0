mod models;
use memorm::prelude::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let savepoint = session.savepoint();
    session.rollback_to(savepoint)?;
    Ok(())
}
