use memorm::Model;

#[derive(Clone)]
struct Id(u64);

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: Id,
}

fn main() {}
