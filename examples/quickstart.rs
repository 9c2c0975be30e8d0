//! The first ten minutes with memorm: two tables, one session, and all that a row goes through.
//!
//! ```text
//! cargo run -p memorm --example quickstart
//! ```
use memorm::prelude::*;

/// A table is a struct. The derive makes a constant of each field (`Vendor::NAME`), which statements are written with.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "vendors", constructor = new)]
struct Vendor {
    /// Assigned when the vendor is added.
    #[model(primary_key, auto)]
    id: u32,
    #[model(unique)]
    name: String,
    country: String,
}

/// `references` makes a foreign key; `check` names a function that every write has to pass.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new, check = is_in_stock)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(index)]
    name: String,
    #[model(references(Vendor, on_delete = cascade))]
    vendor_id: u32,
    price: f64,
    qty: i64,
    /// Not in the constructor: an `Option` starts as `None`.
    note: Option<String>,
}

fn is_in_stock(item: &Item) -> Result<(), &'static str> {
    if item.qty < 0 { Err("less than nothing is left") } else { Ok(()) }
}

fn main() -> memorm::Result<()> {
    // A database is a value: nothing to connect to, no tables to create.
    let db = Database::new();
    let mut session = db.session();

    // Add. The key is there at once; nobody else sees the rows before the commit.
    let acme = session.add(Vendor::new("acme", "CA"))?;
    let first = session.add(Item::new("foo", acme.id, 9.5, 3))?;
    session.add_all([Item::new("bar", acme.id, 12.0, 40), Item::new("foobar", acme.id, 30.0, 1)])?;
    assert_eq!((acme.id, first.id), (1, 1));
    assert_eq!(select::<Item>().count(&db)?, 0, "the database has not heard of it yet");
    session.commit()?;
    assert_eq!(select::<Item>().count(&db)?, 3);

    // Read. A query gives the very object that was added, not a copy of it.
    let items = session.all(select::<Item>())?;
    assert!(Arc::ptr_eq(&items[0], &first));
    let by_key = session.get_one::<Item>(first.id)?;
    assert!(Arc::ptr_eq(&by_key, &first));

    // Ask. A condition on a column that does not exist, or with the wrong type, does not compile.
    let dear_or_scarce = select::<Item>()
        .filter(Item::NAME.starts_with("foo") & (Item::PRICE.gt(10) | Item::QTY.lt(5)))
        .order_by((Item::PRICE.desc(), Item::ID))
        .all(&session)?;
    for item in &dear_or_scarce {
        println!("{:8} {:6.2} x {}", item.name, item.price, item.qty);
    }
    assert_eq!(dear_or_scarce.len(), 2);

    // Take some columns only: a projection gives tuples.
    let stock = select::<Item>().select((Item::NAME, Item::QTY)).all(&session)?;
    assert_eq!(stock[1], ("bar".to_owned(), 40));

    // Update one row by its key. Objects that you hold are frozen: the old one still reads 3.
    let sold = session.update::<Item>(first.id, |item| item.qty -= 1)?;
    assert_eq!((first.qty, sold.qty), (3, 2));

    // Update many rows by a statement, from their old values.
    let raised = update::<Item>().filter(Item::PRICE.lt(20)).set(Item::NOTE, "raised").exec(&mut session)?;
    assert_eq!(raised, 2);
    session.commit()?;

    // Rules hold at every write. A refused write changes nothing, and the session goes on.
    let refused = session.update::<Item>(first.id, |item| item.qty -= 10);
    println!("{}", refused.as_ref().map_or_else(ToString::to_string, |item| item.name.clone()));
    assert!(refused.is_err_and(|error| error.is_violation()));
    assert!(session.add(Vendor::new("acme", "US")).is_err(), "there is an acme already");

    // Change your mind.
    session.update::<Item>(first.id, |item| item.price = 0.0)?;
    session.rollback();
    assert_eq!(session.get_one::<Item>(first.id)?.price, 9.5);

    // Or let a closure decide: `transaction` commits on `Ok` and rolls back on `Err` and on a panic.
    let total = db.transaction(|session| {
        let bar = select::<Item>().filter(Item::NAME.eq("bar")).one(session)?;
        Ok(session.update::<Item>(bar.id, |item| item.qty += 2)?.qty)
    })?;
    assert_eq!(total, 42);

    // A session reads one version of the database from its first call on: the 42 is committed, but not seen here
    // before this session commits or rolls back.
    assert_eq!(session.get_one::<Item>(2)?.qty, 40);
    session.rollback();
    assert_eq!(session.get_one::<Item>(2)?.qty, 42);

    // Delete. The vendor takes its items along: `on_delete = cascade`.
    session.delete(&acme)?;
    session.commit()?;
    assert!(select::<Item>().all(&session)?.is_empty());
    println!("done: version {:?}", db.version());
    Ok(())
}
