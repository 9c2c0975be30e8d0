//! After Hermitage: each anomaly that snapshot isolation prevents, and each that it lets pass.
use super::*;

#[test]
fn g0_write_cycles_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut two, 1, 12);
    set(&mut one, 2, 21);
    one.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    set(&mut two, 2, 22);
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    Ok(())
}

#[test]
fn g1a_aborted_reads_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 101);
    one.flush()?;
    assert_eq!(get(&two, 1), 10);
    assert_eq!(get(&db.session(), 1), 10);
    one.rollback();
    assert_eq!(get(&two, 1), 10);
    two.commit()?;
    Ok(())
}

#[test]
fn g1b_intermediate_reads_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, two) = two_sessions(&db);
    set(&mut one, 1, 101);
    one.flush()?;
    assert_eq!(get(&db.session(), 1), 10);
    set(&mut one, 1, 11);
    one.commit()?;
    assert_eq!(get(&two, 1), 10);
    assert_eq!(get(&db.session(), 1), 11);
    Ok(())
}

#[test]
fn g1c_circular_information_flow_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut two, 2, 22);
    assert_eq!((get(&one, 2), get(&two, 1)), (20, 10));
    one.commit()?;
    assert_eq!(get(&two, 1), 10);
    two.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 22)]);
    Ok(())
}

#[test]
fn otv_observed_transactions_do_not_vanish() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut one, 1, 11);
    set(&mut one, 2, 19);
    set(&mut two, 1, 12);
    one.commit()?;
    let three = db.session();
    assert_eq!(get(&three, 1), 11);
    set(&mut two, 2, 18);
    assert_eq!(get(&three, 2), 19);
    assert!(is_conflict(two.commit()));
    assert_eq!((get(&three, 2), get(&three, 1)), (19, 11));
    Ok(())
}

#[test]
fn pmp_predicate_reads_see_no_later_rows() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    assert_eq!(select::<Row>().filter(Row::VALUE.eq(30)).count(&one)?, 0);
    two.add(row(3, 30))?;
    two.commit()?;
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&one)?, 0);
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&db)?, 1);
    Ok(())
}

#[test]
fn pmp_write_predicates_meet_no_later_values() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    assert_eq!(update::<Row>().set(Row::VALUE, Row::VALUE + 10).exec(&mut one)?, 2);
    assert_eq!(delete::<Row>().filter(Row::VALUE.eq(20)).exec(&mut two)?, 1);
    assert!(get(&two, 2) == 0 && get(&two, 1) == 10);
    one.commit()?;
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db), [(1, 20), (2, 30)]);
    Ok(())
}

#[test]
fn p4_lost_updates_are_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    let (a, b) = (get(&one, 1), get(&two, 1));
    set(&mut one, 1, a + 1);
    set(&mut two, 1, b + 1);
    one.commit()?;
    assert!(is_conflict(two.commit()));
    assert_eq!(committed(&db)[0], (1, 11));
    Ok(())
}

#[test]
fn g_single_read_skew_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    set(&mut two, 1, 12);
    set(&mut two, 2, 18);
    two.commit()?;
    assert_eq!(get(&one, 2), 20);
    assert_eq!(select::<Row>().aggregate(Row::VALUE.sum(), &one)?, Some(30));
    Ok(())
}

#[test]
fn g_single_read_skew_by_predicate_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (one, mut two) = two_sessions(&db);
    assert_eq!(select::<Row>().filter((Row::VALUE % 5).eq(0)).count(&one)?, 2);
    update::<Row>().filter(Row::VALUE.eq(10)).set(Row::VALUE, 12).exec(&mut two)?;
    two.commit()?;
    assert_eq!(select::<Row>().filter((Row::VALUE % 3).eq(0)).count(&one)?, 0);
    Ok(())
}

#[test]
fn g_single_read_skew_with_a_write_is_prevented() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    set(&mut two, 1, 12);
    set(&mut two, 2, 18);
    two.commit()?;
    assert_eq!(delete::<Row>().filter(Row::VALUE.eq(20)).exec(&mut one)?, 1);
    assert!(is_conflict(one.commit()));
    assert_eq!(committed(&db), [(1, 12), (2, 18)]);
    Ok(())
}

#[test]
fn g2_item_write_skew_passes() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    assert_eq!(get(&one, 1) + get(&one, 2), 30);
    assert_eq!(get(&two, 1) + get(&two, 2), 30);
    set(&mut one, 1, 11);
    set(&mut two, 2, 21);
    one.commit()?;
    two.commit()?;
    assert_eq!(committed(&db), [(1, 11), (2, 21)]);
    Ok(())
}

#[test]
fn g2_anti_dependency_cycles_of_predicates_pass() -> memorm::Result<()> {
    let db = two_rows()?;
    let (mut one, mut two) = two_sessions(&db);
    let thirds = select::<Row>().filter((Row::VALUE % 3).eq(0));
    assert_eq!((thirds.count(&one)?, thirds.count(&two)?), (0, 0));
    one.add(row(3, 30))?;
    two.add(row(4, 42))?;
    one.commit()?;
    two.commit()?;
    assert_eq!(thirds.count(&db)?, 2);
    Ok(())
}
