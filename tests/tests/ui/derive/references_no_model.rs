use memorm::Model;

#[derive(Clone)]
struct Vendor;

#[derive(Model, Clone)]
struct Tag {
    #[model(primary_key)]
    name: String,
}

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(references(Vendor))]
    vendor_id: u64,
}

fn main() {}
