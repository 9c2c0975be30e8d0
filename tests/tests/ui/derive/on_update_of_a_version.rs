use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(version, on_update = 7)]
    revision: u32,
}

fn main() {}
