//! `select(..).with(..)`: its terminals, and what they run on.
use super::models::*;
use memorm::Error;
use memorm::prelude::*;

fn loaded(source: &impl memorm::session::Source) -> Vec<(u32, Vec<u64>)> {
    let rows = select::<Vendor>().with(Vendor::ITEMS).all(source).unwrap();
    rows.into_iter().map(|(vendor, items)| (vendor.id, items.iter().map(|item| item.id).collect())).collect()
}

#[test]
fn filter_order_and_limit_stand_before_it() {
    let db = shop();
    let query = select::<Vendor>().filter(Vendor::ID.lt(4)).order_by(Vendor::ID.desc()).offset(1).limit(1);
    let rows = query.with(Vendor::ITEMS).all(&db).unwrap();
    assert_eq!((rows.len(), rows[0].0.id, rows[0].1.len()), (1, 2, 2));
    let both = select::<Vendor>().limit(1).union(select::<Vendor>().filter(Vendor::ID.eq(2)));
    let rows = both.with(Vendor::PROFILE).all(&db).unwrap();
    assert!(rows[0].1.is_none() && rows[1].1.is_some());
}

#[test]
fn the_first_row_alone_is_loaded_for() {
    let db = shop();
    let first = select::<Vendor>().with(Vendor::ITEMS).first(&db).unwrap().unwrap();
    assert_eq!((first.0.id, first.1.len()), (1, 2));
    let limited = select::<Vendor>().limit(1).with(Vendor::ITEMS).explain(&db).unwrap();
    assert_eq!(limited.questions, ["ITEMS: 2 rows of items by 1 keys, looked up"]);
    assert!(select::<Vendor>().limit(0).with(Vendor::ITEMS).first(&db).unwrap().is_none());
}

#[test]
fn one_is_the_only_row_or_an_error() {
    let db = shop();
    let of = |id: u32| select::<Vendor>().filter(Vendor::ID.ge(id)).with(Vendor::PARENT);
    assert_eq!(of(4).one(&db).unwrap().0.id, 4);
    assert!(of(5).one_or_none(&db).unwrap().is_none());
    assert!(matches!(of(5).one(&db), Err(Error::NoRow { table: "vendors" })));
    assert!(matches!(of(3).one_or_none(&db), Err(Error::TooManyRows { table: "vendors" })));
}

#[test]
fn count_exists_and_mappings_are_those_of_the_select() {
    let db = shop();
    let (plain, with) = (select::<Vendor>(), select::<Vendor>().with(Vendor::ITEMS));
    assert_eq!(with.count(&db).unwrap(), 4);
    assert!(with.exists(&db).unwrap());
    assert_eq!(with.mappings(&db).unwrap(), plain.mappings(&db).unwrap());
    assert_eq!(with.to_table(&db).unwrap(), plain.to_table(&db).unwrap());
    assert_eq!(with.inspect().table.name, "vendors");
}

#[test]
fn an_error_of_the_select_is_its_error() {
    let db = shop();
    let error =
        select::<Item>().filter((Item::QTY / Item::QTY).eq(1)).with(Item::VENDOR).all(&db).unwrap_err();
    assert!(matches!(error, Error::Arithmetic { .. }));
}

#[test]
fn nothing_is_loaded_from_empty_tables() {
    let db = Database::new();
    assert!(loaded(&db).is_empty());
    db.transaction(|s| s.add(vendor(1, None))).unwrap();
    assert_eq!(loaded(&db), [(1, vec![])]);
    assert!(select::<Vendor>().with(Vendor::ITEMS.with(Item::TAGS)).one(&db).unwrap().1.is_empty());
}

#[test]
fn a_session_loads_its_own_writes() {
    let db = shop();
    let mut session = db.session();
    session.delete_by_key::<Item>(2).unwrap();
    session.update::<Item>(3, |item| item.vendor_id = Some(3)).unwrap();
    session.add(item(9, Some(4), 1)).unwrap();
    session.update::<Item>(4, |item| item.qty = 50).unwrap();
    assert_eq!(loaded(&session), [(1, vec![1]), (2, vec![5, 4]), (3, vec![3]), (4, vec![9])]);
    let rows = select::<Vendor>().with(Vendor::ITEMS).all(&session).unwrap();
    assert_eq!(rows[1].1[1].qty, 50);
    session.rollback();
    assert_eq!(loaded(&session), loaded(&db));
}

#[test]
fn a_snapshot_keeps_what_it_would_load_and_a_fork_goes_its_own_way() {
    let db = shop();
    let (before, snapshot, fork) = (loaded(&db), db.snapshot(), db.fork());
    db.transaction(|s| s.update::<Item>(1, |item| item.vendor_id = None)).unwrap();
    fork.transaction(|s| s.add(item(9, Some(3), 1))).unwrap();
    assert_eq!(loaded(&snapshot), before);
    assert_eq!(loaded(&db)[0], (1, vec![2]));
    assert_eq!((&loaded(&fork)[0], &loaded(&fork)[2]), (&before[0], &(3, vec![9])));
}

#[test]
fn a_statement_is_a_value_that_runs_again_on_another_thread() {
    fn is_plain<T: Clone + Send + Sync + 'static>(value: T) -> T {
        value
    }
    let query = is_plain(select::<Vendor>().with((Vendor::ITEMS.with(Item::TAGS), Vendor::PARENT)));
    let (db, again) = (Arc::new(shop()), query.clone());
    let theirs = {
        let db = db.clone();
        std::thread::spawn(move || again.all(&db).unwrap()).join().unwrap()
    };
    assert_eq!(theirs, query.all(&db).unwrap());
    assert!(format!("{query:?}").contains("vendors"));
}

#[test]
fn a_live_result_follows_the_related_table() {
    let db = shop();
    let live = db.live(select::<Vendor>().limit(1).with(Vendor::ITEMS));
    assert!(!live.is_incremental());
    assert_eq!(live.rows()[0].1.len(), 2);
    db.transaction(|s| s.add(item(9, Some(1), 1))).unwrap();
    assert!(live.changed());
    assert_eq!(live.rows()[0].1.len(), 3);
}

#[tokio::test]
async fn an_async_session_loads_too() {
    let db = AsyncDatabase::from(shop());
    let mut session = db.session().await;
    session.add(item(9, Some(3), 1)).unwrap();
    let query = select::<Vendor>().filter(Vendor::ID.ge(2)).with(Vendor::ITEMS.with(Item::TAGS));
    let rows = session.all(query.clone()).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(vendor, items)| (vendor.id, items.len())).collect();
    assert_eq!(found, [(2, 2), (3, 1), (4, 0)]);
    assert_eq!(rows[0].1[0].1[0].name, "blue");
    let (vendor, items) = session.first(&query).await.unwrap().unwrap();
    assert_eq!((vendor.id, items.len()), (2, 2));
    assert!(session.one(&query).await.is_err());
    let groups = select::<Item>().group_by(Item::VENDOR_ID).aggregate(count());
    assert_eq!(session.all(groups).await.unwrap().len(), 4);
}

#[test]
fn a_serializable_session_notices_a_row_that_it_would_have_loaded() {
    let db = Database::builder().isolation(Isolation::Serializable).build();
    db.transaction(|s| s.add_all([vendor(1, None), vendor(2, None)])).unwrap();
    let mut reader = db.session();
    assert!(select::<Vendor>().limit(1).with(Vendor::ITEMS).one(&reader).unwrap().1.is_empty());
    reader.update::<Vendor>(2, |vendor| vendor.country = "FR".into()).unwrap();
    db.transaction(|s| s.add(item(1, Some(1), 1))).unwrap();
    assert!(reader.commit().is_err());
}

#[test]
fn a_limit_counts_the_rows_that_are_loaded() {
    let db = Database::builder().max_rows(10).build();
    db.transaction(|s| s.add(vendor(1, None))).unwrap();
    let add =
        |ids: std::ops::Range<u64>| db.transaction(|s| s.add_all(ids.clone().map(|id| item(id, Some(1), 1))));
    let query = select::<Vendor>().with(Vendor::ITEMS);
    add(0..10).unwrap();
    assert_eq!(query.one(&db).unwrap().1.len(), 10);
    add(10..11).unwrap();
    assert!(matches!(query.one(&db), Err(Error::LimitExceeded { table: "vendors", .. })));
}
