//! What `#[derive(Model)]`, `#[derive(Field)]` and `#[derive(Projection)]` make, seen from outside.
use memorm::model::{OnDelete, RelationMeta};
use memorm::prelude::*;
use memorm::value::Kind;
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", index(vendor_id, price), unique(vendor_id, sku), constructor = new)]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(index)]
    pub name: String,
    #[model(unique, deferred)]
    pub sku: String,
    #[model(references(Vendor, on_delete = cascade))]
    pub vendor_id: u32,
    #[model(index)]
    pub price: f64,
    #[model(default = true)]
    pub active: bool,
    #[model(default = "unknown")]
    pub category: String,
    #[model(default = now)]
    pub created_at: i64,
    #[model(on_update = now)]
    pub updated_at: i64,
    #[model(on_update = next_stamp())]
    pub stamp: i64,
    #[model(version)]
    pub revision: u32,
    pub note: Option<String>,
    #[model(opaque, default)]
    pub parts: Vec<Vec<u8>>,
    #[model(unhashed)]
    qty: i64,
}

static STAMP: AtomicI64 = AtomicI64::new(100);

fn next_stamp() -> i64 {
    STAMP.fetch_add(1, Ordering::Relaxed)
}

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", constructor = new, check = has_name)]
#[model(has_many(ITEMS: Item, by = VENDOR), has_one(FIRST: Item, by = VENDOR))]
pub struct Vendor {
    #[model(primary_key, auto)]
    pub id: u32,
    #[model(unique)]
    pub name: String,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    pub parent_id: Option<u32>,
}

fn has_name(vendor: &Vendor) -> Result<(), String> {
    if vendor.name.is_empty() { Err("a vendor has a name".into()) } else { Ok(()) }
}

#[derive(Model, Clone, Debug)]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
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
#[model(references(ItemTag, by = (item_id, tag), on_delete = set_null), unique(item_id, place, deferred))]
pub struct Mark {
    #[model(primary_key)]
    pub id: MarkId,
    pub item_id: Option<u64>,
    pub tag: Option<String>,
    pub place: u8,
    pub side: Side,
}

#[derive(Field, Clone, Debug, PartialEq)]
pub struct MarkId(u64);

#[derive(Field, Clone, Copy, Debug, PartialEq)]
pub enum Side {
    Sell,
    Buy,
}

/// A key that memorm assigns, in a newtype that cannot be copied.
#[derive(Model, Clone, Debug)]
#[model(constructor = new)]
struct Ticket {
    #[model(primary_key, auto)]
    id: TicketId,
    #[model(version)]
    revision: Revision,
    title: Title,
}
#[derive(Field, Clone, Debug, PartialEq)]
struct TicketId(u16);
#[derive(Field, Clone, Debug, PartialEq)]
struct Revision(u8);
#[derive(Field, Clone, Debug, PartialEq)]
struct Title(String);

#[derive(Projection, Debug, PartialEq)]
struct Dto {
    id: u64,
    name: String,
}

fn names(columns: &[u16], names: &[&'static str]) -> Vec<&'static str> {
    columns.iter().map(|c| names[usize::from(*c)]).collect()
}

/// A database whose clock says 7, 8, 9 …
fn ticking() -> Database {
    let time = AtomicI64::new(7);
    Database::builder().clock(move || time.fetch_add(1, Ordering::Relaxed)).build()
}

#[test]
fn a_table_is_named_after_its_struct_in_snake_case() {
    assert_eq!((Tag::table().name, ItemTag::table().name, Mark::table().name), ("tag", "item_tags", "mark"));
    assert_eq!(Item::table().rust_name, "Item");
}

#[test]
fn columns_are_described_in_the_order_of_the_fields() {
    let columns = Item::table().columns;
    let id = &columns[0];
    assert!(id.is_primary_key && id.is_auto && !id.is_nullable && id.is_built_in);
    assert_eq!((id.name, id.rust_type, id.kind), ("id", "u64", Kind::U64));
    let note = &columns[11];
    assert_eq!((note.name, note.rust_type, note.kind), ("note", "Option<String>", Kind::Text));
    assert!(note.is_nullable && note.is_hashed);
    let parts = &columns[12];
    assert_eq!((parts.rust_type, parts.kind, parts.is_hashed), ("Vec<Vec<u8>>", Kind::Opaque, false));
    let renewed: Vec<_> = columns.iter().filter(|c| c.is_on_update || c.is_version).map(|c| c.name).collect();
    assert_eq!(renewed, ["updated_at", "stamp", "revision"]);
    let unhashed: Vec<_> = columns.iter().filter(|c| !c.is_hashed).map(|c| c.name).collect();
    assert_eq!(unhashed, ["updated_at", "stamp", "revision", "parts", "qty"]);
    assert_eq!((Mark::table().columns[0].kind, Mark::table().columns[4].kind), (Kind::U64, Kind::Variant));
}

#[test]
fn indexes_come_as_declared_and_foreign_keys_have_one() {
    let table = Item::table();
    let all: Vec<_> = table.columns.iter().map(|c| c.name).collect();
    let indexes = table.indexes.iter().map(|i| (names(i.columns, &all), i.is_unique, i.is_deferred));
    let expected = [
        (vec!["name"], false, false),
        (vec!["sku"], true, true),
        (vec!["price"], false, false),
        (vec!["vendor_id", "price"], false, false),
        (vec!["vendor_id", "sku"], true, false),
        (vec!["vendor_id"], false, false),
    ];
    assert_eq!(indexes.collect::<Vec<_>>(), expected);
    let marks: Vec<_> = Mark::table().indexes.iter().map(|i| (i.columns, i.is_deferred)).collect();
    assert_eq!(marks, [(&[1, 3][..], true), (&[1, 2][..], false)]);
}

#[test]
fn relations_name_their_columns_target_and_action() {
    let show = |r: &RelationMeta| (r.name, r.columns, (r.target)().name, r.on_delete);
    let vendor = show(&Item::table().relations[0]);
    assert_eq!(vendor, ("VENDOR", &[3][..], "vendors", OnDelete::Cascade));
    let parent = show(&Vendor::table().relations[0]);
    assert_eq!(parent, ("PARENT", &[2][..], "vendors", OnDelete::SetNull));
    let tag = show(&ItemTag::table().relations[1]);
    assert_eq!(tag, ("TAG", &[1][..], "tag", OnDelete::Restrict));
    let mark = show(&Mark::table().relations[0]);
    assert_eq!(mark, ("ITEM_TAG", &[1, 2][..], "item_tags", OnDelete::SetNull));
}

#[test]
fn relation_constants_lead_both_ways() {
    assert_eq!(format!("{:?} {:?} {:?}", Item::VENDOR, Vendor::ITEMS, Item::TAGS), "VENDOR ITEMS TAGS");
    assert_eq!((Vendor::ITEMS.by().name(), Vendor::FIRST.by().columns()), ("VENDOR", &[3][..]));
    let tags = Item::TAGS;
    assert_eq!((tags.link().name, tags.by(), tags.to()), ("item_tags", &[0][..], &[1][..]));
    assert_eq!(Mark::ITEM_TAG.columns(), [1, 2]);
}

#[test]
fn a_foreign_key_is_read_from_its_row() {
    let item = Item::new("a", "s", 9, 1.0, 1);
    assert_eq!(Item::VENDOR.key_of(&item), Some(&9));
    let mut vendor = Vendor::new("acme");
    assert_eq!(Vendor::PARENT.key_of(&vendor), None);
    vendor.parent_id = Some(3);
    assert_eq!(Vendor::PARENT.key_of(&vendor), Some(&3));
}

#[test]
fn a_constructor_takes_what_has_no_default() {
    let item = Item::new("foo", String::from("sku"), 2, 9.5, 3);
    assert_eq!((item.id, item.revision, item.created_at, item.updated_at), (0, 0, 0, 0));
    assert!(item.active && item.note.is_none() && item.parts.is_empty() && item.stamp >= 100);
    assert_eq!((item.name.as_str(), item.category.as_str(), item.qty), ("foo", "unknown", 3));
}

#[test]
fn a_row_is_stamped_when_it_is_added_and_when_it_is_updated() -> memorm::Result<()> {
    let db = ticking();
    let mut session = db.session();
    let vendor = session.add(Vendor::new("acme"))?;
    let item = session.add(Item::new("foo", "sku", vendor.id, 9.5, 3))?;
    assert_eq!((item.id, item.revision, item.created_at), (1, 1, 7));
    let updated = session.update::<Item>(1, |i| i.qty += 1)?;
    assert_eq!((updated.id, updated.revision, updated.created_at), (1, 2, 7));
    assert!(updated.updated_at > item.updated_at && updated.stamp > item.stamp);
    Ok(())
}

#[test]
fn an_update_that_sets_a_stamp_itself_is_left_alone() -> memorm::Result<()> {
    let db = ticking();
    let mut session = db.session();
    let vendor = session.add(Vendor::new("acme"))?;
    session.add(Item::new("foo", "sku", vendor.id, 9.5, 3))?;
    let updated = session.update::<Item>(1, |i| (i.updated_at, i.stamp) = (-1, -2))?;
    assert_eq!((updated.updated_at, updated.stamp), (-1, -2));
    Ok(())
}

#[test]
fn newtypes_count_like_what_they_wrap() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let (one, two) =
        (session.add(Ticket::new(Title("a".into())))?, session.add(Ticket::new(Title("b".into())))?);
    assert_eq!((&one.id, &two.id, &one.revision), (&TicketId(1), &TicketId(2), &Revision(1)));
    let two = session.update::<Ticket>(TicketId(2), |t| t.title = Title("c".into()))?;
    assert_eq!((&two.title, &two.revision), (&Title("c".into()), &Revision(2)));
    Ok(())
}

#[test]
fn an_insert_statement_fills_defaults_and_names_what_is_missing() -> memorm::Result<()> {
    let db = ticking();
    let mut session = db.session();
    session.add(Vendor::new("acme"))?;
    let insert = insert::<Item>().set(Item::NAME, "foo").set(Item::SKU, "s").set(Item::PRICE, 2.0);
    let error = insert.clone().set(Item::QTY, 1).exec(&mut session).expect_err("no vendor is given");
    assert_eq!(error.to_string(), "no value for items.vendor_id, which has no default");
    insert.set(Item::VENDOR_ID, 1).set(Item::QTY, 1).exec(&mut session)?;
    let item = session.get_one::<Item>(1)?;
    assert_eq!((item.category.as_str(), item.active, item.created_at), ("unknown", true, 7));
    Ok(())
}

#[test]
fn a_check_is_run_on_every_write() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let error = session.add(Vendor::new("")).expect_err("it has no name");
    assert!(error.is_violation() && error.to_string().contains("a vendor has a name"));
    session.add(Vendor::new("acme"))?;
    assert!(session.update::<Vendor>(1, |v| v.name.clear()).is_err());
    Ok(())
}

#[test]
fn every_column_reads_its_field() {
    let item = Item { note: Some("n".into()), parts: vec![vec![1]], ..Item::new("foo", "s", 2, 9.5, 3) };
    assert_eq!((Item::NAME.get(&item), Item::QTY.get(&item)), (&"foo".to_owned(), &3));
    assert_eq!((Item::NOTE.get(&item).as_deref(), Item::PARTS.get(&item)), (Some("n"), &vec![vec![1]]));
    assert_eq!((Item::PARTS.name(), Item::PARTS.index()), ("parts", 12));
}

#[test]
fn statements_read_and_write_columns_of_every_kind() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(Vendor::new("acme"))?;
    for (name, price, note) in [("a", 1.0, None), ("b", 2.0, Some("x")), ("c", 3.0, Some("y"))] {
        let item = Item { note: note.map(Into::into), ..Item::new(name, name, 1, price, 0) };
        session.add(item)?;
    }
    let some = select::<Item>().filter(Item::NOTE.is_some() & Item::PRICE.lt(3)).all(&session)?;
    assert_eq!(some.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["b"]);
    update::<Item>().filter(Item::NAME.ne("b")).set(Item::NOTE, "z").exec(&mut session)?;
    let notes = select::<Item>().select(Item::NOTE).all(&session)?;
    assert_eq!(notes, [Some("z".to_owned()), Some("x".into()), Some("z".into())]);
    Ok(())
}

#[test]
fn enums_compare_in_the_order_of_declaration() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    for (id, side) in [(1, Side::Buy), (2, Side::Sell)] {
        session.add(Mark { id: MarkId(id), item_id: None, tag: None, place: 0, side })?;
    }
    let sides = select::<Mark>().order_by(Mark::SIDE).select(Mark::SIDE).all(&session)?;
    assert_eq!(sides, [Side::Sell, Side::Buy]);
    let before = select::<Mark>().filter(Mark::SIDE.lt(Side::Buy)).all(&session)?;
    assert_eq!(before.iter().map(|m| m.id.clone()).collect::<Vec<_>>(), [MarkId(2)]);
    Ok(())
}

#[test]
fn a_projection_is_made_of_the_selected_values() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let vendor = session.add(Vendor::new("acme"))?;
    session.add(Item::new("foo", "s", vendor.id, 1.0, 3))?;
    let dtos: Vec<Dto> = select::<Item>().select((Item::ID, Item::NAME)).all_as(&session)?;
    assert_eq!(dtos, [Dto { id: 1, name: "foo".into() }]);
    Ok(())
}
