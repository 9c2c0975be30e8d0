use memorm::Model;

#[derive(Model, Clone)]
#[model(index(name, blob))]
struct Item {
    #[model(primary_key)]
    id: u64,
    name: String,
    #[model(opaque)]
    blob: Vec<Vec<u8>>,
}

fn main() {}
