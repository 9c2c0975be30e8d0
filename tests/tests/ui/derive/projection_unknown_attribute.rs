use memorm::Projection;

#[derive(Projection)]
#[projection(skip)]
struct Dto {
    id: u64,
}

fn main() {}
