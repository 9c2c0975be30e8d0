use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, indx, auot)]
    id: u64,
}

fn main() {}
