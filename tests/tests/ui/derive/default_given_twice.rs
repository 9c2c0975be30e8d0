use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(default = 1, default = 2)]
    qty: i64,
}

fn main() {}
