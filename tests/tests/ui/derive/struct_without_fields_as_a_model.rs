use memorm::Model;

#[derive(Model, Clone)]
struct Item {}

fn main() {}
