use memorm::Model;

#[derive(Model, Clone)]
#[model(has_many(ITEMS: Item))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
