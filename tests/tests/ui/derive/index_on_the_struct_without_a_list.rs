use memorm::Model;

#[derive(Model, Clone)]
#[model(index)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
