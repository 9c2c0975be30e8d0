use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    id: u64,
    name: String,
}

fn main() {}
