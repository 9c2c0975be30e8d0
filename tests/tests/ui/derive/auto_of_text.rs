use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key, auto)]
    id: String,
}

fn main() {}
