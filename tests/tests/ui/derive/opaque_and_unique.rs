use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(opaque, unique)]
    blob: Vec<Vec<u8>>,
}

fn main() {}
