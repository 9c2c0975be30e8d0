use memorm::Field;

#[derive(Field, Clone)]
#[field(krate = "memorm")]
struct Id(u64);

fn main() {}
