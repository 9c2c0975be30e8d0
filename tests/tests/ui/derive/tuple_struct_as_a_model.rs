use memorm::Model;

#[derive(Model, Clone)]
struct Item(u64, String);

fn main() {}
