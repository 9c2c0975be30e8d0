//! Everything that can be done with a joined query.
use super::models::{Item, Vendor, shop};
use memorm::Error;
use memorm::prelude::*;

fn joined() -> Select<(Item, Vendor)> {
    select::<Item>().join(Item::VENDOR)
}

#[test]
fn rows_are_asked_for_in_every_way() {
    let db = shop();
    assert_eq!(joined().count(&db).expect("a count"), 4);
    assert!(joined().exists(&db).expect("an answer"));
    assert!(!joined().filter(Vendor::ID.eq(9)).exists(&db).expect("an answer"));
    assert_eq!(joined().first(&db).expect("rows").map(|(item, _)| item.id), Some(1));
    assert_eq!(joined().filter(Item::ID.eq(2)).one(&db).expect("one row").1.name, "acme");
    assert!(matches!(joined().one(&db), Err(Error::TooManyRows { .. })));
    assert!(matches!(joined().filter(Vendor::ID.eq(3)).one(&db), Err(Error::NoRow { .. })));
    assert!(joined().filter(Vendor::ID.eq(3)).one_or_none(&db).expect("none").is_none());
    let snapshot = db.snapshot();
    let query = joined();
    let walked: Vec<_> =
        query.iter(&snapshot).map(|row| row.map(|(item, vendor)| (item.id, vendor.id))).collect();
    assert_eq!(
        walked.into_iter().collect::<Result<Vec<_>, _>>().expect("rows"),
        [(1, 2), (2, 1), (3, 2), (5, 1)]
    );
}

#[test]
fn headings_tell_the_table() {
    let rows = joined().filter(Item::ID.eq(1)).mappings(&shop()).expect("rows");
    let names: Vec<&str> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "items.id",
            "items.name",
            "items.vendor_id",
            "items.qty",
            "vendors.id",
            "vendors.name",
            "vendors.country",
            "vendors.parent_id"
        ]
    );
    let twice = select::<Vendor>().join(Vendor::PARENT).limit(1).mappings(&shop()).expect("rows");
    assert_eq!((twice[0][0].0.as_str(), twice[0][4].0.as_str()), ("vendors[0].id", "vendors[1].id"));
    let absent =
        select::<Item>().left_join(Item::VENDOR).filter(Item::ID.eq(4)).mappings(&shop()).expect("rows");
    assert_eq!(absent[0][4], ("vendors.id".to_owned(), Value::Null));
    let printed =
        joined().select((Item::NAME, Vendor::NAME.label("of"))).limit(1).to_table(&shop()).expect("a table");
    assert!(printed.contains("of") && printed.contains("bolt"), "{printed}");
}

#[test]
fn aggregates_range_over_all_tables() {
    let db = shop();
    let (rows, qty, last) =
        joined().aggregate((count(), Item::QTY.sum(), Vendor::NAME.max()), &db).expect("values");
    assert_eq!((rows, qty, last.as_deref()), (4, Some(7), Some("bolt")));
    let left = select::<Item>().left_join(Item::VENDOR);
    let (rows, vendors) = left.aggregate((count(), count_of(opt(Vendor::ID))), &db).expect("values");
    assert_eq!((rows, vendors), (5, 4));
}

#[test]
fn sorts_are_stable_and_take_keys_of_all_tables() {
    let db = shop();
    let by = |query: Select<(Item, Vendor)>| query.select(Item::ID).all(&db).expect("rows");
    assert_eq!(by(joined().order_by(Vendor::NAME)), [2, 5, 1, 3]);
    assert_eq!(by(joined().order_by((Vendor::NAME.desc(), Item::QTY))), [3, 1, 5, 2]);
    assert_eq!(by(joined().order_by(Vendor::NAME).offset(1).limit(2)), [5, 1]);
    let left = select::<Item>().left_join(Item::VENDOR).order_by(opt(Vendor::NAME)).select(Item::ID);
    assert_eq!(left.all(&db).expect("rows"), [2, 5, 1, 3, 4]);
}

#[test]
fn limits_offsets_and_distinct_apply_to_joined_rows() {
    let db = shop();
    assert_eq!(joined().offset(1).limit(2).select(Item::ID).all(&db).expect("rows"), [2, 3]);
    assert_eq!(joined().limit(0).count(&db).expect("a count"), 0);
    assert_eq!(joined().select(Vendor::ID).distinct().all(&db).expect("rows"), [2, 1]);
    assert_eq!(joined().distinct().count(&db).expect("a count"), 4);
}

#[test]
fn set_operations_take_joined_rows() {
    let db = shop();
    let of = |country: &str| joined().filter(Vendor::COUNTRY.eq(country));
    let ids = |query: Select<(Item, Vendor)>| query.select(Item::ID).all(&db).expect("rows");
    assert_eq!(ids(of("CA").union(of("US"))), [2, 5, 1, 3]);
    assert_eq!(ids(joined().except(of("CA"))), [1, 3]);
    assert_eq!(ids(joined().intersect(of("CA"))), [2, 5]);
    assert_eq!(ids(of("CA").union_all(of("CA")).filter(Item::QTY.gt(0))), [2, 2]);
    assert_eq!(ids(of("CA").union(of("US")).order_by(Item::ID)), [1, 2, 3, 5]);
    let names = of("CA").select(Vendor::NAME).union(of("US").select(Vendor::COUNTRY)).all(&db).expect("rows");
    assert_eq!(names, ["acme", "US"]);
}

#[test]
fn a_set_is_joined_in_its_own_order() {
    let db = shop();
    let part = |id: u64| select::<Item>().filter(Item::ID.eq(id));
    let query = part(3).union(part(1)).union_all(part(3)).join(Item::VENDOR).filter(Vendor::COUNTRY.eq("US"));
    assert_eq!(query.select((Item::ID, Vendor::ID)).all(&db).expect("rows"), [(3, 2), (1, 2), (3, 2)]);
}

#[test]
fn projections_turn_into_structs() {
    #[derive(Projection, Debug, PartialEq)]
    struct Line {
        item: String,
        vendor: Option<String>,
    }
    let query = select::<Item>().left_join(Item::VENDOR).filter(Item::ID.ge(4));
    let lines = query.select((Item::NAME, opt(Vendor::NAME))).all_as::<Line>(&shop()).expect("rows");
    let line = |item: &str, vendor: Option<&str>| Line { item: item.into(), vendor: vendor.map(Into::into) };
    assert_eq!(lines, [line("ring", None), line("cog", Some("acme"))]);
}

#[test]
fn joined_statements_are_values() {
    fn is_value<T: Clone + Send + Sync + std::fmt::Debug + 'static>(_: &T) {}
    let mut query = joined();
    is_value(&query);
    query = query.filter(Item::QTY.gt(0)).order_by(Vendor::ID);
    assert_eq!(query.count(&shop()).expect("a count"), query.clone().count(&shop().fork()).expect("a count"));
}
