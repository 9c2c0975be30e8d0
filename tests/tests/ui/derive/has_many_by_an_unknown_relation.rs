use memorm::Model;

#[derive(Model, Clone)]
#[model(has_many(CHILDREN: Item, by = PARENT))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
