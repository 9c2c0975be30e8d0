use memorm::Model;

#[derive(Model, Clone)]
struct Vendor {
    #[model(primary_key)]
    id: u64,
}

#[derive(Model, Clone)]
#[model(references(Vendor))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
