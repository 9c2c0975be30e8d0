use memorm::Field;

#[derive(Field, Clone)]
enum Side {
    #[field(name = "b")]
    Buy,
}

fn main() {}
