use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(version)]
    revision: u32,
    #[model(version)]
    edition: u32,
}

fn main() {}
