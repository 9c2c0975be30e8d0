mod models;
use memorm::prelude::*;

fn main() -> memorm::Result<()> {
    Database::builder().clock(std::time::Instant::now).build();
    Ok(())
}
