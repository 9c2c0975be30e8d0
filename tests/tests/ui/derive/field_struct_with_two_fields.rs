use memorm::Field;

#[derive(Field, Clone)]
struct Point(i64, i64);

fn main() {}
