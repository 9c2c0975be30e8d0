use memorm::Model;

#[derive(Model, Clone)]
#[model(references(Order, by = (id, lin)))]
struct Item {
    #[model(primary_key)]
    id: u64,
    line: u64,
}

fn main() {}
