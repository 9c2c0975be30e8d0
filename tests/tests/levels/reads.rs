//! What a serializable session has read, and which commits of others refuse its own.
use memorm::prelude::*;

#[derive(Model, Clone)]
#[model(table = "owners", has_many(ITEMS: Item, by = OWNER))]
struct Owner {
    #[model(primary_key)]
    id: u32,
    name: String,
}

#[derive(Model, Clone)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: u32,
    #[model(unique)]
    sku: String,
    #[model(references(Owner))]
    owner_id: u32,
    qty: i64,
}

/// Where sessions write that are to be refused for what they have read, not for what they write.
#[derive(Model, Clone)]
#[model(table = "notes")]
struct Note {
    #[model(primary_key, auto)]
    id: u32,
}

fn item(id: u32, qty: i64) -> Item {
    Item { id, sku: format!("s{id}"), owner_id: 1, qty }
}

fn world() -> memorm::Result<Database> {
    let db = Database::builder().isolation(Isolation::Serializable).build();
    db.transaction(|s| {
        s.add_all([1, 2].map(|id| Owner { id, name: format!("o{id}") }))?;
        s.add_all((1..=5).map(|id| item(id, i64::from(id))))
    })?;
    Ok(db)
}

type Act = fn(&mut Session) -> memorm::Result<()>;

/// What becomes of a session that reads, while `other` commits, and writes a row of its own: the conflict, if any.
fn race(read: Act, other: Act) -> memorm::Result<Option<String>> {
    let db = world()?;
    let mut session = db.session();
    read(&mut session)?;
    db.transaction(other)?;
    session.add(Note { id: 0 })?;
    match session.commit() {
        Ok(_) => Ok(None),
        Err(error) if error.is_conflict() => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

fn set_qty(session: &mut Session, id: u32, qty: i64) -> memorm::Result<()> {
    session.update::<Item>(id, |item| item.qty = qty).map(drop)
}

/// Reads, changes of others that matter to them, and changes that do not.
macro_rules! reads { ($($name:ident: $read:expr, matters $matters:expr, spares $spares:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let conflict = race($read, $matters)?;
        assert!(conflict.is_some(), "the change was not noticed");
        assert_eq!(race($read, $spares)?, None);
        Ok(())
    }
)* } }

reads! {
    a_row_that_was_got: |s| { s.get::<Item>(1); Ok(()) },
        matters |s| set_qty(s, 1, 9), spares |s| set_qty(s, 2, 9);
    a_row_that_was_borrowed: |s| { s.peek::<Item>(1); Ok(()) },
        matters |s| s.delete_by_key::<Item>(1).map(drop), spares |s| set_qty(s, 2, 9);
    a_row_that_had_to_be_there: |s| s.get_one::<Item>(1).map(drop),
        matters |s| set_qty(s, 1, 9), spares |s| set_qty(s, 2, 9);
    a_key_that_was_not_there: |s| { s.get::<Item>(7); Ok(()) },
        matters |s| s.add(item(7, 0)).map(drop), spares |s| s.add(item(8, 0)).map(drop);
    a_delete_that_found_nothing: |s| { s.delete_by_key::<Item>(7).map(drop) },
        matters |s| s.add(item(7, 0)).map(drop), spares |s| s.add(item(8, 0)).map(drop);
    an_update_that_found_nothing: |s| { assert!(set_qty(s, 7, 0).is_err()); Ok(()) },
        matters |s| s.add(item(7, 0)).map(drop), spares |s| s.add(item(8, 0)).map(drop);
    a_duplicate_key: |s| { assert!(s.add(item(1, 0)).is_err()); Ok(()) },
        matters |s| s.delete_by_key::<Item>(1).map(drop), spares |s| set_qty(s, 2, 9);
    a_duplicate_unique_value: |s| { assert!(s.add(Item { id: 9, ..item(1, 0) }).is_err()); Ok(()) },
        matters |s| s.delete_by_key::<Item>(1).map(drop), spares |s| set_qty(s, 2, 9);
    a_unique_value_that_was_free: |s| {
            let result: memorm::Result<()> = s.nested(|s| {
                s.add(Item { sku: "free".into(), ..item(9, 0) })?;
                Err(memorm::Error::other("thought better of it"))
            });
            assert!(result.is_err());
            Ok(())
        },
        matters |s| s.add(Item { sku: "free".into(), ..item(8, 0) }).map(drop),
        spares |s| s.add(item(8, 0)).map(drop);
    rows_that_a_filter_found: |s| select::<Item>().filter(Item::QTY.gt(3)).all(&*s).map(drop),
        matters |s| set_qty(s, 4, 0), spares |s| set_qty(s, 1, 2);
    a_row_that_a_filter_would_find_now: |s| select::<Item>().filter(Item::QTY.gt(3)).count(&*s).map(drop),
        matters |s| set_qty(s, 1, 9), spares |s| s.add(item(7, 3)).map(drop);
    a_phantom: |s| select::<Item>().filter(Item::QTY.gt(3)).exists(&*s).map(drop),
        matters |s| s.add(item(7, 4)).map(drop), spares |s| s.delete_by_key::<Item>(1).map(drop);
    a_filter_of_a_sorted_statement: |s| select::<Item>().filter(Item::QTY.gt(3)).order_by(Item::SKU).all(&*s).map(drop),
        matters |s| set_qty(s, 4, 9), spares |s| set_qty(s, 1, 2);
    a_filter_that_has_no_value_for_a_row: |s| select::<Item>().filter((Item::QTY / Item::QTY).eq(2)).all(&*s).map(drop),
        matters |s| set_qty(s, 1, 0), spares |s| set_qty(s, 1, 9);
    an_aggregate: |s| select::<Item>().filter(Item::ID.le(2)).aggregate(Item::QTY.sum(), &*s).map(drop),
        matters |s| set_qty(s, 2, 9), spares |s| set_qty(s, 3, 9);
    a_whole_table: |s| select::<Item>().all(&*s).map(drop),
        matters |s| s.add(item(7, 0)).map(drop), spares |s| s.add(Owner { id: 3, name: "o3".into() }).map(drop);
    a_closure_reads_the_whole_table: |s| select::<Item>().filter_with(|i| i.qty > 3).all(&*s).map(drop),
        matters |s| set_qty(s, 1, 2), spares |s| s.add(Owner { id: 3, name: "o3".into() }).map(drop);
    the_rows_of_an_update: |s| { update::<Item>().filter(Item::QTY.gt(100)).set(Item::QTY, 0).exec(s).map(drop) },
        matters |s| s.add(item(7, 101)).map(drop), spares |s| s.add(item(7, 99)).map(drop);
    the_rows_of_a_delete: |s| { delete::<Item>().filter(Item::QTY.gt(100)).exec(s).map(drop) },
        matters |s| s.add(item(7, 101)).map(drop), spares |s| s.add(item(7, 99)).map(drop);
    rows_of_a_relation: |s| {
            let owner = s.get_one::<Owner>(2)?;
            assert!(Owner::ITEMS.of(&*s, &owner).is_empty());
            Ok(())
        },
        matters |s| s.add(Item { owner_id: 2, ..item(7, 0) }).map(drop),
        spares |s| s.add(item(7, 0)).map(drop);
    a_row_that_leaves_a_relation: |s| {
            let owner = s.get_one::<Owner>(1)?;
            assert!(!Owner::ITEMS.of(&*s, &owner).is_empty());
            Ok(())
        },
        matters |s| s.update::<Item>(1, |item| item.owner_id = 2).map(drop),
        spares |s| s.add(Item { owner_id: 2, ..item(7, 0) }).map(drop);
    the_row_that_another_refers_to: |s| {
            let item = s.get_one::<Item>(1)?;
            assert!(Item::OWNER.of(&*s, &item).is_some());
            Ok(())
        },
        matters |s| s.update::<Owner>(1, |o| o.name = "new".into()).map(drop),
        spares |s| s.update::<Owner>(2, |o| o.name = "new".into()).map(drop);
    rows_that_are_loaded_beside_others: |s| {
            select::<Owner>().filter(Owner::ID.eq(2)).with(Owner::ITEMS).all(&*s).map(drop)
        },
        matters |s| s.add(Item { owner_id: 2, ..item(7, 0) }).map(drop),
        spares |s| s.add(item(7, 0)).map(drop);
    a_condition_on_related_rows: |s| {
            select::<Owner>().filter(Owner::ITEMS.any(Item::QTY.gt(100))).all(&*s).map(drop)
        },
        matters |s| s.add(Item { owner_id: 2, ..item(7, 101) }).map(drop),
        spares |s| s.add(item(7, 99)).map(drop);
    the_filtered_side_of_a_join: |s| {
            select::<Item>().join(Item::OWNER).filter(Item::QTY.gt(3)).all(&*s).map(drop)
        },
        matters |s| set_qty(s, 1, 9), spares |s| set_qty(s, 1, 2);
    the_condition_of_a_joined_table: |s| {
            select::<Item>().join(Item::OWNER).filter(on(Owner::NAME.eq("new"))).all(&*s).map(drop)
        },
        matters |s| s.update::<Owner>(2, |o| o.name = "new".into()).map(drop),
        spares |s| s.update::<Owner>(2, |o| o.name = "newer".into()).map(drop);
    both_tables_of_a_join: |s| select::<Item>().join(Item::OWNER).all(&*s).map(drop),
        matters |s| s.update::<Owner>(1, |o| o.name = "new".into()).map(drop),
        spares |s| s.add(Note { id: 0 }).map(drop);
    both_sides_of_a_union: |s| {
            let (few, many) = (select::<Item>().filter(Item::QTY.lt(2)), select::<Item>().filter(Item::QTY.gt(4)));
            few.union(many).all(&*s).map(drop)
        },
        matters |s| set_qty(s, 3, 9), spares |s| s.add(Owner { id: 3, name: "o3".into() }).map(drop);
    a_view_that_was_handed_out: |s| select::<Item>().filter(Item::QTY.gt(3)).all(&s.view()).map(drop),
        matters |s| set_qty(s, 4, 9), spares |s| set_qty(s, 1, 2);
    a_key_in_a_view: |s| { assert!(s.view().get::<Item>(1).is_some()); Ok(()) },
        matters |s| set_qty(s, 1, 9), spares |s| set_qty(s, 2, 9);
    a_key_in_a_view_whose_row_is_deleted: |s| { assert!(s.view().clone().peek::<Item>(1).is_some()); Ok(()) },
        matters |s| s.delete_by_key::<Item>(1).map(drop), spares |s| s.delete_by_key::<Item>(2).map(drop);
    a_key_that_a_view_does_not_have: |s| {
            s.add(Note { id: 0 })?;
            assert!(s.view().get_one::<Item>(7).is_err());
            Ok(())
        },
        matters |s| s.add(item(7, 0)).map(drop), spares |s| s.add(item(8, 0)).map(drop);
    reads_after_a_write: |s| { s.add(Note { id: 0 })?; select::<Item>().filter(Item::QTY.gt(3)).all(&*s).map(drop) },
        matters |s| set_qty(s, 4, 9), spares |s| set_qty(s, 1, 2);
    a_statement_step_by_step: |s| { for row in select::<Item>().filter(Item::QTY.gt(3)).iter(&*s) { row?; } Ok(()) },
        matters |s| set_qty(s, 4, 9), spares |s| set_qty(s, 1, 2);
}

#[test]
fn a_foreign_key_does_not_read_the_row_that_it_refers_to() -> memorm::Result<()> {
    let refer: Act = |s| s.add(item(7, 0)).map(drop);
    assert_eq!(race(refer, |s| s.update::<Owner>(1, |o| o.name = "new".into()).map(drop))?, None);
    Ok(())
}

#[test]
fn a_session_that_writes_nothing_is_never_refused() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    let version = db.version();
    assert_eq!(select::<Item>().count(&session)?, 5);
    db.transaction(|s| s.add(item(7, 0)))?;
    assert_eq!(session.commit()?, version);
    Ok(())
}

#[test]
fn a_session_starts_anew_after_a_commit_and_a_rollback() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    select::<Item>().count(&session)?;
    session.rollback();
    db.transaction(|s| s.add(item(7, 0)))?;
    session.add(Note { id: 0 })?;
    session.commit()?;
    db.transaction(|s| s.add(item(8, 0)))?;
    session.add(Note { id: 0 })?;
    session.commit()?;
    Ok(())
}

#[test]
fn a_refused_commit_is_refused_again_until_it_is_rolled_back() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    select::<Item>().count(&session)?;
    db.transaction(|s| s.add(item(7, 0)))?;
    session.add(Note { id: 0 })?;
    for _ in 0..2 {
        assert!(session.commit().unwrap_err().is_conflict());
    }
    db.assert_consistent();
    assert_eq!(select::<Note>().count(&db)?, 0);
    Ok(())
}

#[test]
fn conflicts_name_table_key_and_what_was_read() -> memorm::Result<()> {
    let conflict = |read, other| Ok::<_, memorm::Error>(race(read, other)?.unwrap_or_default());
    assert_eq!(
        conflict(|s| s.get_one::<Item>(1).map(drop), |s| set_qty(s, 1, 9))?,
        "conflict on items 1: another commit changed it, which this session has read"
    );
    let missed: Act = |s| {
        s.get::<Item>(7);
        Ok(())
    };
    assert_eq!(
        conflict(missed, |s| s.add(item(7, 0)).map(drop))?,
        "conflict on items 7: another commit took items.id 7, which this session has not found"
    );
    assert_eq!(
        conflict(|s| select::<Item>().filter(Item::QTY.gt(3)).all(&*s).map(drop), |s| set_qty(s, 4, 0))?,
        "conflict on items 4: another commit changed what `qty > 3` finds, which this session has read"
    );
    assert_eq!(
        conflict(|s| select::<Item>().all(&*s).map(drop), |s| set_qty(s, 4, 0))?,
        "conflict on items 4: another commit changed it, and this session has read all of items"
    );
    Ok(())
}

#[test]
fn a_fork_keeps_the_level_and_a_session_may_have_its_own() -> memorm::Result<()> {
    let skew = |db: &Database, level: Option<Isolation>| {
        let mut session = level.map_or_else(|| db.session(), |level| db.session_with(level));
        select::<Item>().count(&session)?;
        db.transaction(|s| s.update::<Item>(1, |item| item.qty += 1))?;
        session.add(Note { id: 0 })?;
        Ok::<_, memorm::Error>(session.commit().is_ok())
    };
    let db = world()?;
    assert!(!skew(&db, None)?);
    assert!(!skew(&db.fork(), None)?);
    assert!(skew(&db, Some(Isolation::Snapshot))?);
    let plain = Database::new();
    plain.transaction(|s| {
        s.add(Owner { id: 1, name: "o1".into() })?;
        s.add(item(1, 1))
    })?;
    assert!(skew(&plain, None)?);
    assert!(!skew(&plain, Some(Isolation::Serializable))?);
    Ok(())
}

#[test]
fn a_transaction_runs_again_when_what_it_read_has_changed() -> memorm::Result<()> {
    let db = world()?;
    let mut runs = 0;
    let seen = db.transaction(|s| {
        runs += 1;
        let seen = select::<Item>().filter(Item::QTY.gt(3)).count(&*s)?;
        if runs == 1 {
            db.transaction(|s| s.add(item(7, 4)))?;
        }
        s.add(Note { id: 0 })?;
        Ok(seen)
    })?;
    assert_eq!((runs, seen), (2, 3));
    Ok(())
}
