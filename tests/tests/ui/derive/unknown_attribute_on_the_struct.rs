use memorm::Model;

#[derive(Model, Clone)]
#[model(tabel = "items")]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
