mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut database = Database::new();
    delete::<Item>().exec(&mut database)?;
    Ok(())
}
