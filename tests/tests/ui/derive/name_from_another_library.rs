use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(pk)]
    id: u64,
}

fn main() {}
