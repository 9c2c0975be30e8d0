use memorm::Field;

#[derive(Field, Clone)]
enum Side {
    Buy,
    Sell(u8),
}

fn main() {}
