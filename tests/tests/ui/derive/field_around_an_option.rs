use memorm::Field;

#[derive(Field, Clone)]
struct Note(Option<String>);

fn main() {}
