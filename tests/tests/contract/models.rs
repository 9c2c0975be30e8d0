//! Models with every kind of column, and a database of them.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", index(vendor_id, price), unique(vendor_id, sku), constructor = new)]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))] // many-to-many
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64, // 0 means "assign"
    #[model(index)]
    pub name: String,
    #[model(unique)]
    pub sku: String,
    #[model(references(Vendor, on_delete = cascade))]
    pub vendor_id: u32, // makes Item::VENDOR and an index
    #[model(index)]
    pub price: f64, // floats index and sort: NaN last
    #[model(default = true)]
    pub active: bool,
    #[model(default = "unknown")]
    pub category: String,
    #[model(default = Timestamp::now())]
    pub created_at: Timestamp, // jiff, feature `jiff`
    #[model(on_update = Timestamp::now())]
    pub updated_at: Timestamp,
    #[model(version)]
    pub revision: u32, // bumped by every update
    pub note: Option<String>,
    pub qty: i64,
}

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", constructor = new, has_many(ITEMS: Item, by = VENDOR))]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    #[model(unique)]
    pub name: String,
    pub country: String,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    pub parent_id: Option<u32>,
}
#[derive(Model, Clone, Debug)]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
    pub weight: i32,
}
#[derive(Model, Clone, Debug)]
#[model(table = "item_tags")]
pub struct ItemTag {
    #[model(primary_key, references(Item, on_delete = cascade))]
    pub item_id: u64,
    #[model(primary_key, references(Tag))]
    pub tag_name: String,
}
#[derive(Model, Clone, Debug)]
pub struct Product {
    #[model(primary_key)]
    pub id: u32,
    pub data: serde_json::Value,
    pub created_at: Timestamp,
}
#[derive(Model, Clone, Debug)]
pub struct A {
    #[model(primary_key)]
    pub id: u32,
    pub x: i64,
}
#[derive(Model, Clone, Debug)]
pub struct B {
    #[model(primary_key)]
    pub id: u32,
    pub y: i64,
}

/// ca, us vendors; foo & bar of acme (CA), baz of bolt (US, child of acme); tags red on foo.
pub fn filled() -> Database {
    let db = Database::new();
    db.transaction(|s| {
        let acme = s.add(Vendor::new("acme", "CA"))?;
        let mut bolt = Vendor::new("bolt", "US");
        bolt.parent_id = Some(acme.id);
        let bolt = s.add(bolt)?;
        let first = s.add(Item::new("foo", "s1", acme.id, 9.5, 3))?;
        s.add(Item::new("bar", "s2", acme.id, 20.0, 1))?;
        s.add(Item::new("baz", "s3", bolt.id, 7.0, 1))?;
        s.add(Tag { name: "red".into(), weight: 1 })?;
        s.add(Tag { name: "blue".into(), weight: 2 })?;
        s.add(ItemTag { item_id: first.id, tag_name: "red".into() })?;
        s.add_all([A { id: 1, x: 1 }, A { id: 2, x: 5 }])?;
        s.add_all([B { id: 1, y: 3 }, B { id: 2, y: 9 }])?;
        Ok(())
    })
    .expect("the rows keep all rules");
    db
}
