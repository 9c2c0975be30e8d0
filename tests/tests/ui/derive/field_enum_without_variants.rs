use memorm::Field;

#[derive(Field, Clone)]
enum Side {}

fn main() {}
