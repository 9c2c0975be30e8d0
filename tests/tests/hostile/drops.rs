//! `Drop` of a field that panics: the row's last holder sees the panic, and nobody else.
use crate::fuse::{At, blows};
use crate::models::{Row, all, database, row};
use memorm::prelude::*;

/// Blows at each drop that `work` makes, one after the other; `check` looks at what is left of the database.
fn at_each_drop(work: impl Fn(&Database) -> memorm::Result<()>) -> memorm::Result<u64> {
    let undisturbed = database();
    work(&undisturbed)?;
    let new = all(&undisturbed.snapshot());
    for n in 0.. {
        let db = database();
        let old = all(&db.snapshot());
        if !blows(At::Drop, n, || work(&db)) {
            return Ok(n);
        }
        let now = all(&db.snapshot());
        assert!(now == old || now == new, "drop {n}: neither old nor new");
        db.transaction(|s| s.add(row(0, 900)))?;
        db.assert_consistent();
    }
    Ok(0)
}

#[test]
fn a_row_whose_drop_panics_is_updated() -> memorm::Result<()> {
    let drops = at_each_drop(|db| db.transaction(|s| s.update::<Row>(8, |r| r.plain = 9)).map(drop))?;
    assert!(drops > 0, "the old row is dropped");
    Ok(())
}

#[test]
fn a_row_whose_drop_panics_is_deleted() -> memorm::Result<()> {
    let drops = at_each_drop(|db| db.transaction(|s| s.delete_by_key::<Row>(1)).map(drop))?;
    assert!(drops >= 4, "the row and what belongs to it are dropped");
    Ok(())
}

#[test]
fn rows_whose_drops_panic_are_cleared() -> memorm::Result<()> {
    let drops = at_each_drop(|db| {
        db.clear();
        Ok(())
    })?;
    assert!(drops >= 12);
    Ok(())
}

#[test]
fn rows_whose_drops_panic_are_rolled_back() -> memorm::Result<()> {
    let drops = at_each_drop(|db| {
        let mut session = db.session();
        session.add_all([row(0, 100), row(0, 101)])?;
        update::<Row>().set(Row::PLAIN, 0).exec(&mut session)?;
        session.rollback();
        Ok(())
    })?;
    assert!(drops >= 14);
    Ok(())
}

#[test]
fn rows_whose_drops_panic_outlive_their_database_in_a_snapshot() -> memorm::Result<()> {
    for n in 0..12 {
        let db = database();
        let snapshot = db.snapshot();
        drop(db);
        assert_eq!(select::<Row>().count(&snapshot)?, 12);
        assert!(blows(At::Drop, n, || drop(snapshot)), "drop {n}");
    }
    Ok(())
}

#[test]
fn a_database_is_dropped_with_rows_whose_drops_panic() {
    for n in 0..12 {
        let db = database();
        assert!(blows(At::Drop, n, || drop(db)), "drop {n}");
    }
}

#[test]
fn a_session_is_dropped_with_rows_whose_drops_panic() -> memorm::Result<()> {
    for n in 0..2 {
        let db = database();
        let mut session = db.session();
        session.add_all([row(0, 100), row(0, 101)])?;
        assert!(blows(At::Drop, n, || drop(session)), "drop {n}");
        assert_eq!(select::<Row>().count(&db)?, 12);
        db.transaction(|s| s.add(row(0, 100)))?;
        db.assert_consistent();
    }
    Ok(())
}
