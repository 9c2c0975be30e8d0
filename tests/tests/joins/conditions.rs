//! Filters and join conditions over several tables.
use super::models::{Item, Vendor, shop};
use memorm::Error;
use memorm::prelude::*;

fn ids<S: memorm::expr::Has<Item, At<0>>>(query: Select<S>) -> Vec<u64> {
    query.select(Item::ID).all(&shop()).expect("rows")
}

#[test]
fn a_condition_of_one_table_is_written_as_it_is() {
    let query = select::<Item>().join(Item::VENDOR);
    assert_eq!(ids(query.clone().filter(Vendor::COUNTRY.eq("CA"))), [2, 5]);
    assert_eq!(ids(query.filter(Vendor::COUNTRY.eq("US")).filter(Item::QTY.gt(1))), [1]);
}

#[test]
fn on_combines_tables_in_one_condition() {
    let query = || select::<Item>().join(Item::VENDOR);
    assert_eq!(ids(query().filter(on(Item::QTY).eq(1) | on(Vendor::COUNTRY).eq("US"))), [1, 2, 3]);
    assert_eq!(ids(query().filter(on(Item::QTY.lt(2) & Item::ID.gt(2)) & on(Vendor::COUNTRY.eq("US")))), [3]);
    assert_eq!(ids(query().filter(on(Item::NAME).lt(on(Vendor::NAME)))), Vec::<u64>::new());
    assert_eq!(ids(query().filter(!(on(Item::QTY).gt(0) & on(Vendor::COUNTRY).eq("US")))), [2, 5]);
}

#[test]
fn conditions_over_several_tables_are_selected() {
    let query = || select::<Item>().left_join(Item::VENDOR).order_by(Item::ID);
    let rich = query().select((Item::QTY.gt(1), opt(Vendor::COUNTRY).eq("US"))).all(&shop()).expect("rows");
    let expected =
        [(true, Some(true)), (false, Some(false)), (false, Some(true)), (true, None), (false, Some(false))];
    assert_eq!(rich, expected.map(|(many, is_us)| (Some(many), is_us)));
    let both = on(Item::QTY).gt(1) & opt(Vendor::COUNTRY).eq("US");
    let sorted = select::<Item>().left_join(Item::VENDOR).order_by((both, Item::ID));
    assert_eq!(ids(sorted), [2, 3, 5, 1, 4]);
    let equal = on(Item::QTY.gt(1)).eq(opt(Vendor::COUNTRY).eq("US"));
    assert_eq!(ids(query().filter(equal)), [1, 2, 5]);
    let pairs = select::<Item>().join_on::<Vendor>(on(Item::QTY.gt(6)).eq(on(Vendor::COUNTRY.eq("CA"))));
    let pairs = pairs.filter(Item::ID.ge(4)).select((Item::ID, Vendor::ID)).all(&shop()).expect("rows");
    assert_eq!(pairs, [(4, 1), (5, 2), (5, 3)]);
    let sides = select::<Vendor>().join(Vendor::PARENT).select(Vendor::COUNTRY.eq("US").at(RIGHT));
    assert_eq!(sides.all(&shop()).expect("rows"), [Some(false), Some(true)]);
}

#[test]
fn closures_see_all_tables() {
    let query = select::<Item>()
        .join(Item::VENDOR)
        .filter_with(|(item, vendor)| item.name > vendor.name && item.qty > 1);
    assert_eq!(ids(query), [1]);
    let lonely = select::<Item>().left_join(Item::VENDOR).filter_with(|(_, vendor)| vendor.is_none());
    assert_eq!(ids(lonely), [4]);
}

#[test]
fn a_filter_on_the_optional_side_sees_none() {
    let query = || select::<Item>().left_join(Item::VENDOR);
    assert_eq!(ids(query().filter(opt(Vendor::COUNTRY).is_none())), [4]);
    assert_eq!(ids(query().filter(opt(Vendor::COUNTRY).eq("CA"))), [2, 5]);
    assert_eq!(ids(query().filter(opt(Vendor::COUNTRY).ne("CA"))), [1, 3]);
    assert_eq!(ids(query().filter(on(Item::QTY).gt(4) | opt(Vendor::COUNTRY).eq("CA"))), [1, 2, 4, 5]);
}

#[test]
fn a_left_joins_condition_chooses_partners_not_rows() {
    let query = select::<Item>().left_join_on::<Vendor>(
        on(Item::VENDOR_ID).eq(on(Vendor::ID)) & on(Vendor::COUNTRY).eq("CA") & on(Item::QTY).gt(0),
    );
    let rows = query.select((Item::ID, opt(Vendor::ID))).all(&shop()).expect("rows");
    assert_eq!(rows, [(1, None), (2, Some(1)), (3, None), (4, None), (5, None)]);
}

#[test]
fn none_equals_no_none() {
    let query = select::<Item>().join_on::<Vendor>(on(Item::VENDOR_ID).eq(on(Vendor::PARENT_ID)));
    let rows = query.select((Item::ID, Vendor::ID)).all(&shop()).expect("rows");
    assert_eq!(rows, [(1, 3), (2, 2), (3, 3), (5, 2)]);
}

#[test]
fn any_condition_joins() {
    let query = select::<Item>().join_on::<Vendor>(on(Item::QTY).lt(on(Vendor::NAME).length() - 3));
    let rows = query.select((Item::ID, Vendor::ID)).all(&shop()).expect("rows");
    assert_eq!(rows, [(5, 1), (5, 2), (5, 3)]);
}

#[test]
fn the_error_of_the_first_joined_row_is_reported() {
    let db = shop();
    let query = select::<Item>().join(Item::VENDOR).filter((on(Item::QTY) / on(Item::QTY)).gt(1));
    let Err(Error::Arithmetic { table, key, .. }) = query.all(&db) else { panic!("no error") };
    assert_eq!((table, key.as_str()), ("items", "5"));
    // rows before it come out
    let snapshot = db.snapshot();
    let half = select::<Item>().join(Item::VENDOR).filter((on(Item::QTY) / on(Item::QTY)).eq(1));
    let walked: Vec<_> = half.iter(&snapshot).map(|row| row.map(|(item, _)| item.id).ok()).collect();
    assert_eq!(walked, [Some(1), Some(2), Some(3), None]);
}

#[test]
fn what_a_condition_without_errors_refuses_meets_no_error() {
    // false & error is false, in whatever order they are written
    let query = || select::<Item>().join(Item::VENDOR);
    let fails = || (on(Item::QTY) / on(Item::QTY)).eq(1);
    assert_eq!(ids(query().filter(fails() & on(Vendor::COUNTRY).eq("US"))), [1, 3]);
    assert_eq!(ids(query().filter(fails()).filter(Item::QTY.gt(0))), [1, 2, 3]);
    let joined = select::<Item>().join_on::<Vendor>(
        on(Item::VENDOR_ID).eq(on(Vendor::ID))
            & (on(Item::QTY) / on(Item::QTY)).eq(1)
            & on(Vendor::COUNTRY).eq("US"),
    );
    assert_eq!(ids(joined), [1, 3]);
}
