//! Statements that write in place.
use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_statement_evaluates_fully_before_it_writes() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let moved = update::<Cell>().filter(Cell::VALUE.between(1, 30)).set(Cell::VALUE, Cell::VALUE + 1);
    assert_eq!(moved.exec(&mut hot)?, 30);
    assert_eq!(hot.peek::<Cell>(1).map(|c| c.value), Some(2));
    update::<Cell>().filter(Cell::ID.le(2)).set(Cell::NOTE, "seen").exec(&mut hot)?;
    let notes = select::<Cell>().filter(Cell::NOTE.eq("seen")).select((Cell::ID, Cell::VALUE)).all(&hot)?;
    assert_eq!(notes, [(1, 2), (2, 3)]);
    update::<Item>().set(Item::PRICE, Item::PRICE + 1).exec(&mut hot)?;
    assert_eq!(skus(&hot, 2.0)?, ["A"], "an indexed column");
    let revisions = update::<Item>().set(Item::QTY, 7).returning((Item::ID, Item::REVISION)).all(&mut hot)?;
    assert_eq!(revisions, [(1, 3), (2, 3), (3, 3)]);
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_statement_that_fails_changes_no_row() -> memorm::Result<()> {
    let mut db = shop();
    let mut hot = db.exclusive()?;
    let before = select::<Cell>().all(&hot)?;
    let overflow = update::<Cell>().set(Cell::SMALL, Cell::SMALL + 100).set(Cell::VALUE, 5);
    update::<Cell>().filter(Cell::ID.eq(60)).set(Cell::SMALL, 100).exec(&mut hot)?;
    assert!(matches!(overflow.exec(&mut hot), Err(Error::Arithmetic { .. })));
    update::<Cell>().filter(Cell::ID.eq(60)).set(Cell::SMALL, 1).exec(&mut hot)?;
    // row 50 is refused, after those before it were written
    let refused = update::<Cell>().set(Cell::VALUE, Cell::VALUE * 20).set(Cell::NOTE, "x").exec(&mut hot);
    assert_eq!(refused.map_err(|e| e.to_string()), Err("check failed for cells 50: too large".to_owned()));
    let panics = AssertUnwindSafe(|| update::<Cell>().set(Cell::VALUE, Cell::VALUE * 77).exec(&mut hot));
    assert!(catch_unwind(panics).is_err(), "row 13");
    let after = select::<Cell>().all(&hot)?;
    assert_eq!(after, before);
    drop(hot);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_statement_in_place_leaves_snapshots_alone() -> memorm::Result<()> {
    let mut db = shop();
    let before = db.snapshot();
    let mut hot = db.exclusive()?;
    update::<Cell>().set(Cell::VALUE, 0).exec(&mut hot)?;
    drop(hot);
    let sum = |source: &Snapshot| select::<Cell>().aggregate(Cell::VALUE.sum(), source);
    assert_eq!((sum(&before)?, sum(&db.snapshot())?), (Some(5050), Some(0)));
    Ok(())
}
