use memorm::Projection;

#[derive(Projection)]
struct Dto {}

fn main() {}
