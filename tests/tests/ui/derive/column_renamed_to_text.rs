use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(column = "KIND")]
    kind: u8,
}

fn main() {}
