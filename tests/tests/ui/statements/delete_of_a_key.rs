mod models;
use memorm::prelude::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.delete(7u64)?;
    Ok(())
}
