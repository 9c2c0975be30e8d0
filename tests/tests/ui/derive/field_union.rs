use memorm::Field;

#[derive(Field, Clone, Copy)]
union Id {
    a: u64,
    b: i64,
}

fn main() {}
