use memorm::Field;

#[derive(Field, Clone)]
#[field(wibble)]
enum Side {
    Buy(u8),
}

fn main() {}
