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
    #[model(references(Vendor))]
    vendor_id: u64,
}

#[derive(Model, Clone)]
#[model(has_many(ITEMS: Item, by = VENDOR))]
struct Shop {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
