use crate::models::{Blob, Item, Vendor, set_qty, shop, stock};
use memorm::Error;
use memorm::prelude::*;

/// A database, the version at which a fork left it, and the fork.
fn parted() -> (Database, Snapshot, Database) {
    let db = shop();
    let (base, fork) = (db.snapshot(), db.fork());
    (db, base, fork)
}

#[test]
fn changes_of_different_rows_and_columns_come_together() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    set_qty(&db, 1, 11);
    set_qty(&fork, 2, 21);
    fork.transaction(|s| s.update::<Item>(1, |item| (item.price, item.blob) = (9.0, Blob(vec![1]))))?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(stock(&db), [(1, 11), (2, 21), (3, 30)]);
    let item = db.snapshot().get_one::<Item>(1)?;
    assert_eq!((item.price, &item.blob), (9.0, &Blob(vec![1])));
    assert_eq!(item.revision, 3, "one more than the greater of both");
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_conflict_names_table_key_column_and_three_values_and_changes_nothing() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    set_qty(&db, 1, 11);
    set_qty(&fork, 1, 12);
    fork.transaction(|s| s.add(Vendor::new("initech")))?;
    let before = (db.version(), db.state_hash());
    let error = db.merge(&base, &fork.snapshot(), Resolve::Fail).unwrap_err();
    assert_eq!(error.to_string(), "merge conflict on items 1, column qty: 10 became 11 here and 12 there");
    assert!(error.is_conflict());
    assert_eq!((db.version(), db.state_hash()), before);
    Ok(())
}

#[test]
fn one_side_can_win() -> memorm::Result<()> {
    for (resolve, expected) in [(Resolve::Ours, 11), (Resolve::Theirs, 12)] {
        let (db, base, fork) = parted();
        set_qty(&db, 1, 11);
        set_qty(&fork, 1, 12);
        db.merge(&base, &fork.snapshot(), resolve)?;
        assert_eq!(stock(&db)[0], (1, expected));
    }
    Ok(())
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    set_qty(&db, 1, 11);
    set_qty(&fork, 1, 11);
    for side in [&db, &fork] {
        side.transaction(|s| s.delete_by_key::<Item>(3))?;
    }
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(stock(&db), [(1, 11), (2, 20)]);
    Ok(())
}

#[test]
fn a_delete_meets_a_change() -> memorm::Result<()> {
    let meet = |resolve: Resolve, we_delete: bool| {
        let (db, base, fork) = parted();
        let (deletes, changes) = if we_delete { (&db, &fork) } else { (&fork, &db) };
        deletes.transaction(|s| s.delete_by_key::<Item>(2))?;
        set_qty(changes, 2, 21);
        db.merge(&base, &fork.snapshot(), resolve)?;
        Ok::<_, Error>(stock(&db).contains(&(2, 21)))
    };
    assert!(matches!(meet(Resolve::Fail, true), Err(Error::MergeConflict { column: "", .. })));
    assert!(matches!(meet(Resolve::Fail, false), Err(Error::MergeConflict { column: "", .. })));
    assert!(!meet(Resolve::Ours, true)? && meet(Resolve::Ours, false)?);
    assert!(meet(Resolve::Theirs, true)? && !meet(Resolve::Theirs, false)?);
    Ok(())
}

#[test]
fn ours_come_first_then_theirs_in_their_order() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    db.transaction(|s| s.add(Item { id: 50, ..Item::new(1, 1.0, 50) }))?;
    fork.transaction(|s| s.add_all([40, 30].map(|id| Item { id, ..Item::new(1, 1.0, id as i64) })))?;
    set_qty(&fork, 1, 11);
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(stock(&db).iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3, 50, 40, 30]);
    assert_eq!(db.transaction(|s| s.add(Item::new(1, 1.0, 1)))?.id, 51);
    Ok(())
}

#[test]
fn rekey_gives_fresh_keys_and_rewrites_references_to_them() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    let ours = db.transaction(|s| s.add(Vendor::new("ours")))?;
    fork.transaction(|s| {
        let theirs = s.add(Vendor::new("theirs"))?;
        s.add(Item::new(theirs.id, 2.0, 40))?;
        s.update::<Item>(1, |item| item.vendor_id = theirs.id).map(drop)
    })?;
    assert!(matches!(db.merge(&base, &fork.snapshot(), Resolve::Fail), Err(Error::MergeConflict { .. })));
    let merged = db.merge(&base, &fork.snapshot(), Resolve::Rekey)?;
    let [rekeyed] = &merged.rekeyed[..] else { panic!("one row") };
    assert_eq!((rekeyed.table, &rekeyed.old, &rekeyed.new), ("vendors", &Value::Int(3), &Value::Int(4)));
    let snapshot = db.snapshot();
    assert_eq!(snapshot.get_one::<Vendor>(ours.id)?.name, "ours");
    assert_eq!(snapshot.get_one::<Vendor>(4)?.name, "theirs");
    assert_eq!((snapshot.get_one::<Item>(1)?.vendor_id, snapshot.get_one::<Item>(4)?.vendor_id), (4, 4));
    db.assert_consistent();
    Ok(())
}

#[test]
fn constraints_hold_on_the_result_or_nothing_is_merged() -> memorm::Result<()> {
    // a unique value on both sides
    let (db, base, fork) = parted();
    db.transaction(|s| s.add(Vendor { id: 10, name: "same".into() }))?;
    fork.transaction(|s| s.add(Vendor { id: 11, name: "same".into() }))?;
    let before = db.state_hash();
    let error = db.merge(&base, &fork.snapshot(), Resolve::Fail).unwrap_err();
    assert_eq!(error.to_string(), r#"duplicate value for vendors.name: "same" (already used by id 10)"#);
    assert_eq!(db.state_hash(), before);
    // a parent deleted here, a child added there
    let (db, base, fork) = parted();
    db.transaction(|s| s.delete_by_key::<Vendor>(2))?;
    fork.transaction(|s| s.add(Item::new(2, 1.0, 1)))?;
    let error = db.merge(&base, &fork.snapshot(), Resolve::Fail).unwrap_err();
    assert!(matches!(error, Error::DanglingReference { table: "items", target: "vendors", .. }), "{error}");
    // and the other way round
    let (db, base, fork) = parted();
    db.transaction(|s| s.add(Item::new(2, 1.0, 1)))?;
    fork.transaction(|s| s.delete_by_key::<Vendor>(2))?;
    let error = db.merge(&base, &fork.snapshot(), Resolve::Fail).unwrap_err();
    assert!(matches!(error, Error::StillReferenced { table: "vendors", by: "items", .. }), "{error}");
    // a value that the check refuses
    let (db, base, fork) = parted();
    set_qty(&db, 1, 1);
    set_qty(&fork, 1, 2);
    let lower = Resolve::with(|_| Resolution::Value(Value::Int(-1)));
    let error = db.merge(&base, &fork.snapshot(), lower).unwrap_err();
    assert!(matches!(error, Error::Check { table: "items", .. }), "{error}");
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_closure_sees_each_conflict_and_decides() -> memorm::Result<()> {
    let (db, base, fork) = parted();
    set_qty(&db, 1, 7);
    set_qty(&fork, 1, 6);
    let add_up = Resolve::with(|conflict| {
        assert_eq!(
            (conflict.table, &conflict.key[..], conflict.column),
            ("items", &[Value::Wide(1)][..], Some("qty"))
        );
        match (&conflict.base, &conflict.ours, &conflict.theirs) {
            (Value::Int(base), Value::Int(ours), Value::Int(theirs)) => {
                Resolution::Value(Value::Int(ours + theirs - base))
            }
            _ => Resolution::Fail,
        }
    });
    db.merge(&base, &fork.snapshot(), add_up)?;
    assert_eq!(stock(&db)[0], (1, 3));
    Ok(())
}

#[test]
fn a_fork_of_a_restored_checkpoint_merges() -> memorm::Result<()> {
    let db = shop();
    db.checkpoint("before");
    set_qty(&db, 1, 99);
    db.restore("before")?;
    let (base, fork) = (db.snapshot(), db.fork());
    set_qty(&fork, 3, 31);
    fork.transaction(|s| s.add(Item::new(1, 1.0, 40)))?;
    set_qty(&db, 2, 21);
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(stock(&db), [(1, 10), (2, 21), (3, 31), (4, 40)]);
    db.assert_consistent();
    Ok(())
}
