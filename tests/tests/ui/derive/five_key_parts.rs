use memorm::Model;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    a: u8,
    #[model(primary_key)]
    b: u8,
    #[model(primary_key)]
    c: u8,
    #[model(primary_key)]
    d: u8,
    #[model(primary_key)]
    e: u8,
}

fn main() {}
