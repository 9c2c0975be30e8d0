use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(primary_key, auto)]
    number: u64,
}

fn main() {}
