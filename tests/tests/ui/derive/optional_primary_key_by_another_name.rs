use memorm::Model;

type MaybeId = Option<u64>;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: MaybeId,
}

fn main() {}
