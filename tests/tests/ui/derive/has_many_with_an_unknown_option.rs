use memorm::Model;

#[derive(Model, Clone)]
#[model(has_many(ITEMS: Item, via = VENDOR))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
