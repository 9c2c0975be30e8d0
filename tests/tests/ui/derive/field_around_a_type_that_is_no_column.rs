use memorm::Field;

#[derive(Field, Clone)]
struct Parts(Vec<Vec<u8>>);

fn main() {}
