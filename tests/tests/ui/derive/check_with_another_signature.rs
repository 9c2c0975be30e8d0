use memorm::Model;

fn sane(_: &Item) -> bool {
    true
}

#[derive(Model, Clone)]
#[model(check = sane)]
struct Item {
    #[model(primary_key)]
    id: u64,
}

fn main() {}
