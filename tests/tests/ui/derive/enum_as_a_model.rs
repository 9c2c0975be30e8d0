use memorm::Model;

#[derive(Model, Clone)]
enum Item {
    A,
    B,
}

fn main() {}
