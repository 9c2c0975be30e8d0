use memorm::Model;

#[derive(Model, Clone)]
#[model(index(price, price))]
struct Item {
    #[model(primary_key)]
    id: u64,
    price: f64,
}

fn main() {}
