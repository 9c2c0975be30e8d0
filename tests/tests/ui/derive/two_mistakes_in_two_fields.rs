use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_kee)]
    id: u64,
    #[model(primary_key, auot)]
    number: u64,
}

fn main() {}
