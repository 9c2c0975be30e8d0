//! A shop: every kind of relation, nullable and composite keys.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors")]
#[model(has_many(ITEMS: Item, by = VENDOR), has_many(CHILDREN: Vendor, by = PARENT))]
#[model(has_one(PROFILE: Profile, by = VENDOR))]
pub struct Vendor {
    #[model(primary_key)]
    pub id: u32,
    pub country: String,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    pub parent_id: Option<u32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "profiles")]
pub struct Profile {
    #[model(primary_key)]
    pub name: String,
    #[model(unique, references(Vendor))]
    pub vendor_id: u32,
    pub stars: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items")]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
#[model(has_many(LINES: Line, by = ITEM))]
pub struct Item {
    #[model(primary_key)]
    pub id: u64,
    #[model(references(Vendor))]
    pub vendor_id: Option<u32>,
    pub qty: i64,
    pub price: Option<f64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "tags")]
#[model(has_many(ITEMS: Item, through = ItemTag, by = TAG, to = ITEM))]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
    pub weight: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "item_tags")]
pub struct ItemTag {
    #[model(primary_key, references(Item))]
    pub item_id: u64,
    #[model(primary_key, references(Tag))]
    pub tag_name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "orders", has_many(LINES: Line, by = ORDER))]
#[model(has_many(ITEMS: Item, through = Line, by = ORDER, to = ITEM))]
pub struct Order {
    #[model(primary_key)]
    pub shop: String,
    #[model(primary_key)]
    pub number: u32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "lines", references(Order, by = (shop, order_number)))]
pub struct Line {
    #[model(primary_key)]
    pub id: u64,
    pub shop: Option<String>,
    pub order_number: Option<u32>,
    #[model(references(Item))]
    pub item_id: u64,
    pub qty: i64,
}

pub fn vendor(id: u32, parent_id: Option<u32>) -> Vendor {
    Vendor { id, country: if id.is_multiple_of(2) { "CA" } else { "US" }.into(), parent_id }
}

pub fn item(id: u64, vendor_id: Option<u32>, qty: i64) -> Item {
    Item { id, vendor_id, qty, price: Some(qty as f64) }
}

pub fn tag(name: &str, weight: i64) -> Tag {
    Tag { name: name.into(), weight }
}

pub fn link(item_id: u64, tag_name: &str) -> ItemTag {
    ItemTag { item_id, tag_name: tag_name.into() }
}

pub fn line(id: u64, shop: Option<&str>, order_number: Option<u32>, item_id: u64) -> Line {
    Line { id, shop: shop.map(str::to_owned), order_number, item_id, qty: id as i64 }
}

/// Three vendors, five items, three tags, two orders, and one row without relatives of each.
pub fn shop() -> Database {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([vendor(1, None), vendor(2, Some(1)), vendor(3, Some(1)), vendor(4, None)])?;
        s.add(Profile { name: "acme".into(), vendor_id: 2, stars: 4 })?;
        s.add_all([
            item(5, Some(2), 7),
            item(1, Some(1), 3),
            item(4, Some(2), 0),
            item(2, Some(1), 9),
            item(3, None, 1),
        ])?;
        s.add_all([tag("red", 1), tag("blue", 2), tag("dull", 3)])?;
        s.add_all([link(1, "red"), link(5, "blue"), link(1, "blue"), link(2, "red")])?;
        s.add_all(
            [("north", 1), ("north", 2), ("south", 1)]
                .map(|(shop, number)| Order { shop: shop.into(), number }),
        )?;
        s.add_all([
            line(1, Some("north"), Some(1), 5),
            line(2, Some("north"), Some(2), 1),
            line(3, Some("north"), Some(1), 1),
            line(4, Some("north"), None, 2),
            line(5, None, Some(1), 2),
            line(6, Some("north"), Some(1), 5),
        ])?;
        Ok(())
    })
    .expect("the shop is sound");
    db
}
