use memorm::Field;

#[derive(Field, Clone)]
struct Id;

fn main() {}
