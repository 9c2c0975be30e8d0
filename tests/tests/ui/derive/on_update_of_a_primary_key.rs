use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, on_update = 7)]
    id: u64,
}

fn main() {}
