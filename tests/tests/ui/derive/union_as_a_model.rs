use memorm::Model;

#[derive(Model, Clone, Copy)]
union Item {
    a: u64,
    b: f64,
}

fn main() {}
