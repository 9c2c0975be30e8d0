use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, primary_key)]
    id: u64,
}

fn main() {}
