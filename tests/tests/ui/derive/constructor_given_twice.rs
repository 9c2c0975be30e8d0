use memorm::Model;

#[derive(Model, Clone)]
#[model(constructor = new, constructor = make)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
