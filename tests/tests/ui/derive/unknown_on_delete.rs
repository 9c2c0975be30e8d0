use memorm::Model;

#[derive(Model, Clone)]
struct Vendor {
    #[model(primary_key)]
    id: u64,
}

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(references(Vendor, on_delete = nullify))]
    vendor_id: u64,
}

fn main() {}
