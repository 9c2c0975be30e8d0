use memorm::Model;

#[derive(Model)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
