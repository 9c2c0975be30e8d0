use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model]
    id: u64,
    #[model(primary_key)]
    key: u64,
}

fn main() {}
