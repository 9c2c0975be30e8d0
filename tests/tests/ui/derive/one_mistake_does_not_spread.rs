use memorm::prelude::*;

#[derive(Model, Clone)]
#[model(tabel = "items", constructor = new, has_many(CHILDREN: Item, by = PARENT))]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    name: String,
    #[model(references(Item, name = PARENT))]
    parent_id: Option<u64>,
}

#[derive(Model, Clone)]
#[model(has_many(ITEMS: Sale, by = SHOP))]
struct Shop {
    #[model(primry_key)]
    id: u64,
}

#[derive(Model, Clone)]
struct Sale {
    #[model(primary_key)]
    id: u64,
    #[model(references(Shop, on_delete = set_null))]
    shop_id: u64,
}

fn main() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let item = session.add(Item::new("a"))?;
    session.get::<Item>(item.id);
    session.get::<Shop>(1);
    select::<Item>().filter(Item::NAME.eq("a") & Item::PARENT_ID.is_none()).all(&session)?;
    let _ = (Item::PARENT, Item::CHILDREN, Shop::ITEMS.by(), Sale::SHOP);
    Ok(())
}
