use memorm::Model;

#[derive(Model, Clone)]
#[model(table = "items")]
#[model(table = "things")]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
