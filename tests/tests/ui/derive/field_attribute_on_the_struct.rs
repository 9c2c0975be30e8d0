use memorm::Model;

#[derive(Model, Clone)]
#[model(primary_key)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
