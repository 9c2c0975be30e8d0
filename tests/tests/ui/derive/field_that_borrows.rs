use memorm::Field;

#[derive(Field, Clone)]
struct Name<'a>(&'a str);

fn main() {}
