mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let mut session = Database::new().session();
    delete::<Item>().returning(rank().over(partition_by(()))).all(&mut session)?;
    Ok(())
}
