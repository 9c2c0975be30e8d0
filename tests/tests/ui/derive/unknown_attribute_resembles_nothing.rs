use memorm::Model;

#[derive(Model, Clone)]
#[model(wibble)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
