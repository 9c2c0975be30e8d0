use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    parts: Vec<Vec<u8>>,
}

fn main() {}
