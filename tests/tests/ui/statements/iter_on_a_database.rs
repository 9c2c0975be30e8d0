mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let database = Database::new();
    for item in select::<Item>().iter(&database) {
        println!("{:?}", item?);
    }
    Ok(())
}
