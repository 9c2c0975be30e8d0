use memorm::Model;

#[derive(Model, Clone)]
#[model(crate = "not a path")]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
