use memorm::Model;

#[derive(Model, Clone)]
struct Vendor {
    #[model(primary_key)]
    id: u64,
}

#[derive(Model, Clone)]
#[model(references(Vendor, by = (vendor_id, number)))]
struct Item {
    #[model(primary_key)]
    id: u64,
    vendor_id: u64,
    number: u16,
}

fn main() {}
