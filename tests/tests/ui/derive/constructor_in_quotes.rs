use memorm::Model;

#[derive(Model, Clone)]
#[model(constructor = "new")]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
