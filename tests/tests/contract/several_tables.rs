use crate::models::*;
use memorm::prelude::*;
#[test]
fn every_join() -> memorm::Result<()> {
    let db = filled();
    let s = db.session();
    let v: Vec<(Arc<Item>, Arc<Vendor>)> =
        select::<Item>().join(Item::VENDOR).filter(Vendor::COUNTRY.eq("CA")).all(&s)?; // Vec<(Arc<Item>, Arc<Vendor>)>
    assert_eq!(v.len(), 2);
    let l: Vec<(String, Option<String>)> =
        select::<Item>().left_join(Item::VENDOR).select((Item::NAME, opt(Vendor::NAME))).all(&s)?;
    assert_eq!(l[2], ("baz".into(), Some("bolt".into())));
    let f: Vec<(Arc<ItemTag>, Arc<Item>, Arc<Tag>, Arc<Vendor>)> =
        select::<ItemTag>().join(ItemTag::ITEM).join(ItemTag::TAG).join(Item::VENDOR).all(&s)?; // up to 6 tables
    assert_eq!(f.len(), 1);
    assert_eq!(select::<A>().join_on::<B>(on(A::X).lt(on(B::Y))).all(&s)?.len(), 3);
    let j = || select::<Item>().join(Item::VENDOR);
    assert_eq!(j().filter(on(Item::QTY).eq(1) | on(Vendor::COUNTRY).eq("US")).all(&s)?.len(), 2);
    assert_eq!(j().filter_with(|(item, vendor)| item.name < vendor.name).all(&s)?.len(), 1);
    let p: Vec<(String, String)> = select::<Vendor>()
        .join(Vendor::PARENT)
        .select((Vendor::NAME.at(LEFT), Vendor::NAME.at(RIGHT)))
        .all(&s)?;
    assert_eq!(p, [("bolt".to_owned(), "acme".to_owned())]);
    Ok(())
}
#[test]
fn relations_are_followed_and_loaded() -> memorm::Result<()> {
    let db = filled();
    let s = db.session();
    let item = s.get_one::<Item>(1)?;
    let vendor = s.get_one::<Vendor>(1)?;
    let v: Option<Arc<Vendor>> = Item::VENDOR.of(&s, &item); // Option<Arc<Vendor>>
    let i: Vec<Arc<Item>> = Vendor::ITEMS.of(&s, &vendor); // Vec<Arc<Item>>
    assert_eq!((v.unwrap().name.as_str(), i.len()), ("acme", 2));
    let w: Vec<(Arc<Vendor>, (Vec<(Arc<Item>, Vec<Arc<Tag>>)>, Option<Arc<Vendor>>))> =
        select::<Vendor>().with((Vendor::ITEMS.with(Item::TAGS), Vendor::PARENT)).all(&s)?; // eager, shape in the type
    assert_eq!(w[0].1.0[0].1[0].name, "red");
    assert_eq!(w[1].1.1.as_ref().unwrap().name, "acme");
    Ok(())
}
#[test]
fn subqueries_and_conditions_on_related_rows() -> memorm::Result<()> {
    let db = filled();
    let s = db.session();
    assert_eq!(
        select::<Item>()
            .filter(
                Item::VENDOR_ID.in_(select::<Vendor>().filter(Vendor::COUNTRY.eq("CA")).select(Vendor::ID))
            )
            .count(&s)?,
        2
    );
    assert_eq!(select::<Vendor>().filter(Vendor::ITEMS.any(Item::PRICE.gt(10))).count(&s)?, 1);
    assert_eq!(select::<Vendor>().filter(Vendor::ITEMS.none(Item::PRICE.gt(10))).count(&s)?, 1);
    assert_eq!(select::<Vendor>().filter(Vendor::ITEMS.every(Item::PRICE.gt(7))).count(&s)?, 1);
    Ok(())
}
#[test]
fn groups_and_every_aggregate() -> memorm::Result<()> {
    let db = filled();
    let s = db.session();
    let g: Vec<(String, (u64, Option<i128>, Option<f64>))> = select::<Item>()
        .join(Item::VENDOR)
        .group_by(Vendor::COUNTRY)
        .aggregate((count(), Item::QTY.sum(), Item::PRICE.avg()))
        .having(|_country, (n, ..)| *n > 1)
        .order_by(|_c, (n, ..)| std::cmp::Reverse(*n))
        .limit(5)
        .all(&s)?; // Vec<(String, (u64, Option<i128>, Option<f64>))>
    assert_eq!(g, [("CA".to_owned(), (2, Some(4), Some(14.75)))]);
    let a: (u64, Option<f64>) = select::<Item>().aggregate((count(), Item::PRICE.max()), &s)?;
    assert_eq!(a, (3, Some(20.0)));
    let k: Vec<((String, u32), u64)> = select::<Item>()
        .group_by((Item::CATEGORY, Item::VENDOR_ID))
        .aggregate(count())
        .order_by(|k, n| (std::cmp::Reverse(*n), k.clone()))
        .all(&s)?;
    assert_eq!(k.len(), 2);
    let _ = select::<Item>().aggregate(
        (
            count_of(Item::NOTE),
            count_distinct(Item::NAME),
            Item::PRICE.min(),
            Item::PRICE.stddev(),
            Item::QTY.variance(),
            Item::QTY.median(),
            Item::QTY.quantile(0.9),
            Item::NAME.first(),
        ),
        &s,
    )?;
    let _: Option<String> = select::<Item>().aggregate(Item::NAME.last(), &s)?;
    Ok(())
}
#[test]
fn every_window_function() -> memorm::Result<()> {
    let db = filled();
    let s = db.session();
    let w = || partition_by(Item::VENDOR_ID).order_by(Item::PRICE.desc());
    let r: Vec<(u64, u64, u64, u64, Option<f64>, Option<f64>, Option<i128>)> = select::<Item>()
        .select((
            Item::ID,
            row_number().over(w()),
            rank().over(w()),
            dense_rank().over(w()),
            lag(Item::PRICE, 1).over(w()),
            lead(Item::PRICE, 1).over(w()),
            Item::QTY.sum().over(partition_by((Item::CATEGORY, Item::VENDOR_ID))),
        ))
        .all(&s)?;
    assert_eq!(r[0], (1, 2, 2, 2, Some(20.0), None, Some(4)));
    let n: Vec<u64> = select::<Item>().select(row_number().over(partition_by(()))).all(&s)?;
    assert_eq!(n, [1, 2, 3]);
    assert_eq!(
        select::<Item>()
            .join(Item::VENDOR)
            .select((
                Item::ID,
                count().over(partition_by(Vendor::COUNTRY).order_by((Item::PRICE, Vendor::ID)))
            ))
            .all(&s)?[0],
        (1, 1)
    );
    Ok(())
}
