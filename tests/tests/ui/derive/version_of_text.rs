use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(version)]
    revision: String,
}

fn main() {}
