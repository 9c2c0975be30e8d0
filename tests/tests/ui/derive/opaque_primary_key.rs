use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, opaque)]
    id: u64,
}

fn main() {}
