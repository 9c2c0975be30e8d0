use memorm::Model;

#[derive(Model, Clone)]
struct Line {
    #[model(primary_key)]
    order_id: u64,
    #[model(primary_key)]
    number: u16,
}

#[derive(Model, Clone)]
#[model(references(Line, by = (order_id, number)))]
struct Item {
    #[model(primary_key)]
    id: u64,
    order_id: u64,
    number: u32,
}

fn main() {}
