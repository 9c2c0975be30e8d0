use memorm::Projection;

#[derive(Projection)]
enum Dto {
    A,
}

fn main() {}
