mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    for item in select::<Item>().iter(&session) {
        session.delete(item?)?;
    }
    Ok(())
}
