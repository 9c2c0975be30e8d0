//! A table joined with itself.
use super::models::{Vendor, shop};
use memorm::prelude::*;

#[test]
fn each_side_is_named() {
    let query = select::<Vendor>().join(Vendor::PARENT);
    let rows =
        query.clone().select((Vendor::NAME.at(LEFT), Vendor::NAME.at(RIGHT))).all(&shop()).expect("rows");
    assert_eq!(rows, [("bolt", "acme"), ("cord", "bolt")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let same = query.clone().filter(Vendor::COUNTRY.at(LEFT).eq(Vendor::COUNTRY.at(RIGHT)));
    assert_eq!(same.select(Vendor::ID.at(LEFT)).all(&shop()).expect("rows"), [3]);
    let sorted = query.order_by(Vendor::NAME.at(RIGHT).desc()).select(Vendor::ID.at(RIGHT));
    assert_eq!(sorted.all(&shop()).expect("rows"), [2, 1]);
}

#[test]
fn conditions_are_moved_to_a_side() {
    let query = select::<Vendor>().join(Vendor::PARENT).filter(Vendor::COUNTRY.eq("CA").at(RIGHT));
    assert_eq!(query.select(Vendor::ID.at(LEFT)).all(&shop()).expect("rows"), [2]);
    let query = select::<Vendor>().join(Vendor::PARENT).filter(Vendor::NAME.length().at(RIGHT).eq(4));
    assert_eq!(query.count(&shop()).expect("a count"), 2);
}

#[test]
fn the_optional_side_is_named_by_opt() {
    let query = select::<Vendor>().left_join(Vendor::PARENT).select((Vendor::ID, opt(Vendor::ID)));
    assert_eq!(query.all(&shop()).expect("rows"), [(1, None), (2, Some(1)), (3, Some(2))]);
}

#[test]
fn a_relation_leads_on_from_one_side() {
    let query = select::<Vendor>().join(Vendor::PARENT).join(Vendor::PARENT.at(RIGHT));
    let ids = query.select((Vendor::ID.at(LEFT), Vendor::ID.at(RIGHT), Vendor::ID.at(At::<2>)));
    assert_eq!(ids.all(&shop()).expect("rows"), [(3, 2, 1)]);
    let siblings = select::<Vendor>().join(Vendor::PARENT).join(Vendor::PARENT.at(LEFT));
    assert_eq!(siblings.count(&shop()).expect("a count"), 2);
    let optional = select::<Vendor>().left_join(Vendor::PARENT).left_join(Vendor::PARENT.at(RIGHT));
    let ids = optional.select((Vendor::ID, Vendor::ID.opt_at(RIGHT), Vendor::ID.opt_at(At::<2>)));
    assert_eq!(ids.all(&shop()).expect("rows"), [(1, None, None), (2, Some(1), None), (3, Some(2), Some(1))]);
}

#[test]
fn pairs_of_one_table_meet_on_any_condition() {
    let query = select::<Vendor>().join_on::<Vendor>(Vendor::ID.at(LEFT).lt(Vendor::ID.at(RIGHT)));
    let ids = query.select((Vendor::ID.at(LEFT), Vendor::ID.at(RIGHT))).all(&shop()).expect("rows");
    assert_eq!(ids, [(1, 2), (1, 3), (2, 3)]);
}

#[test]
fn a_part_with_a_side_may_stand_in_on() {
    let is_before = on(Vendor::ID.at(LEFT)).lt(on(Vendor::ID.at(RIGHT)));
    let query = select::<Vendor>().join_on::<Vendor>(is_before).filter(on(Vendor::ID.eq(2).at(RIGHT)));
    assert_eq!(query.select(Vendor::ID.at(LEFT)).all(&shop()).expect("rows"), [1]);
}
