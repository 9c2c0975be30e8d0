use memorm::Model;

#[derive(Model, Clone)]
struct Item<'a> {
    #[model(primary_key)]
    id: u64,
    name: &'a str,
}

fn main() {}
