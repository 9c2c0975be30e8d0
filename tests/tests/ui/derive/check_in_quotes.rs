use memorm::Model;

#[derive(Model, Clone)]
#[model(check = "sane")]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
