use memorm::{Field, Model};

#[derive(Field, Clone)]
struct Id(u64);

#[derive(Model, Clone)]
pub struct Item {
    #[model(primary_key)]
    id: Id,
}

fn main() {}
