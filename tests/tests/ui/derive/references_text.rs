use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(references("vendors"))]
    vendor_id: u64,
}

fn main() {}
