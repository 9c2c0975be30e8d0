use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, auto, default = 7)]
    id: u64,
}

fn main() {}
