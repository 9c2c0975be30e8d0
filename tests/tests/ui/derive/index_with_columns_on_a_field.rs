use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(index(name, id))]
    name: String,
}

fn main() {}
