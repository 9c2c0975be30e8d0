use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, version)]
    id: u64,
}

fn main() {}
