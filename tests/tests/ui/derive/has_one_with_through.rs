use memorm::Model;

#[derive(Model, Clone)]
#[model(has_one(TAG: Tag, through = ItemTag, by = ITEM, to = TAG))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
