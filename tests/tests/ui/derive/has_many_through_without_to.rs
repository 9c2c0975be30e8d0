use memorm::Model;

#[derive(Model, Clone)]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM))]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
