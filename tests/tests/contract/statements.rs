use crate::models::*;
use memorm::prelude::*;
#[test]
fn every_clause_over_one_table() -> memorm::Result<()> {
    let db = filled();
    let session = db.session();
    let v: Vec<Arc<Item>> = select::<Item>()
        .filter(Item::PRICE.gt(10) & (Item::NAME.like("ba%") | Item::NOTE.is_none()) & !Item::ACTIVE)
        .order_by((Item::PRICE.desc(), Item::ID))
        .limit(10)
        .offset(20)
        .all(&session)?;
    assert!(v.is_empty());
    let mut q = select::<Item>();
    if session.get::<Item>(1).is_some() {
        q = q.filter(Item::ACTIVE)
    }
    assert_eq!(q.count(&session)?, 3);
    for i in q.iter(&session) {
        let _: &Arc<Item> = i?;
    }
    let _ = (
        q.first(&db)?,
        q.one_or_none(&db.snapshot()).is_err(),
        q.exists(&db)?,
        q.explain(&db)?,
        q.to_table(&db)?,
        q.mappings(&db)?,
    );
    let names: Vec<(u64, String, i64)> =
        select::<Item>().select((Item::ID, Item::NAME, Item::QTY * 2)).all(&session)?;
    assert_eq!(names[0], (1, "foo".to_owned(), 6));
    #[derive(Projection, Debug)]
    struct Dto {
        id: u64,
        name: String,
    }
    let d = select::<Item>().select((Item::ID, Item::NAME)).all_as::<Dto>(&session)?;
    assert_eq!((d[0].id, d[0].name.as_str()), (1, "foo"));
    let c: Vec<String> = select::<Item>()
        .select(case().when(Item::ID.ge(3), "High").when(Item::ID.lt(2), "Low").otherwise("Medium"))
        .all(&session)?;
    assert_eq!(c, ["Low", "Medium", "High"]);
    let day = jiff::civil::date(2026, 1, 2);
    select::<Product>()
        .filter(
            Product::DATA.json("$.a.b[0]").eq(456)
                & Product::CREATED_AT.date().gt(day)
                & Product::CREATED_AT.year().eq(2026)
                & Product::CREATED_AT.month().eq(1)
                & Product::CREATED_AT.day().eq(1)
                & Product::CREATED_AT.hour().eq(1),
        )
        .all(&session)?;
    let n = || select::<Item>().select(Item::NAME);
    assert_eq!(n().distinct().union(n()).all(&db)?.len(), 3);
    let _ = (n().union_all(n()).all(&db)?, n().intersect(n()).all(&db)?, n().except(n()).all(&db)?);
    Ok(())
}
#[test]
fn every_statement_that_writes() -> memorm::Result<()> {
    let db = filled();
    let mut s = db.session();
    insert::<Item>()
        .set(Item::NAME, "foo")
        .set(Item::SKU, "s")
        .set(Item::VENDOR_ID, 1)
        .set(Item::PRICE, 2.0)
        .set(Item::QTY, 1)
        .exec(&mut s)?; // defaults fill the rest; a missing value is an error that names the column
    let vec = vec![Item::new("q", "q", 1, 1.0, 1)];
    let ids: Vec<u64> = insert::<Item>().rows(vec).returning(Item::ID).all(&mut s)?;
    assert_eq!(ids, [5]);
    let n: usize = update::<Item>().filter(Item::ID.ne(2)).set(Item::QTY, Item::QTY + 1).exec(&mut s)?; // -> usize
    assert_eq!(n, 4);
    let _: Vec<(u64, i64)> = update::<Item>()
        .filter(Item::ID.eq(1))
        .set(Item::NOTE, "seen")
        .returning((Item::ID, Item::QTY))
        .all(&mut s)?;
    update::<Item>().filter(Item::QTY.lt(0)).apply(&mut s, |i| i.qty = 0)?; // bulk, by closure
    let d: usize = delete::<Item>().filter(Item::ID.lt(3)).exec(&mut s)?; // -> usize
    assert_eq!(d, 2);
    Ok(())
}
#[test]
fn all_columns_of_a_model_and_as_many_aggregates() -> memorm::Result<()> {
    #[derive(Projection)]
    struct Whole {
        ids: (u64, u32),
        texts: (String, String, String),
        qty: i64,
    }
    let db = filled();
    type I = Item;
    let columns = (I::ID, I::NAME, I::SKU, I::VENDOR_ID, I::PRICE, I::ACTIVE, I::CATEGORY);
    let (a, b, c, d, e, f, g) = columns;
    let twelve = (a, b, c, d, e, f, g, I::CREATED_AT, I::UPDATED_AT, I::REVISION, I::NOTE, I::QTY);
    let row = select::<Item>().select(twelve).first(&db)?.expect("a row");
    assert_eq!((row.0, row.11), (1, 3));
    let nested = select::<Item>().select(((a, d), (b, c, g), I::QTY)).all_as::<Whole>(&db)?;
    let Whole { ids, texts, qty } = &nested[0];
    assert_eq!((ids, texts.1.as_str(), qty), (&(1, 1), "s1", &3));
    let q = || I::QTY.sum();
    let sums = (q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), count());
    assert_eq!(select::<Item>().aggregate(sums, &db)?.11, 3);
    // as many keys to sort rows and groups by
    let sorted = select::<Item>().order_by((f, g, I::NOTE, I::REVISION, d, I::QTY.desc(), e, b, c, a));
    assert_eq!(sorted.select(a).all(&db)?, [1, 2, 3]);
    let groups = select::<Item>().group_by((f, g, d, I::NOTE, I::QTY)).aggregate(count());
    let last = groups.order_by(|key, _| std::cmp::Reverse(key.clone())).first(&db)?.expect("a group");
    assert_eq!((last.0.2, last.0.4), (2, 1));
    Ok(())
}

#[test]
fn a_printed_query_names_its_table_and_conditions_in_a_line() {
    let query = select::<Item>().filter(Item::QTY.gt(3)).limit(7);
    let printed = format!("{query:?}");
    assert!(printed.contains("`qty > 3`") && printed.contains("limit: Some(7)"), "{printed}");
    assert!(printed.contains(&format!("{}(id, ", Item::table().name)) && printed.len() < 400, "{printed}");
}
