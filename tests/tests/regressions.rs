//! Bugs that were found by chance or by random programs, each as a plain test.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Item {
    #[model(primary_key)]
    id: i64,
    qty: i64,
}

fn items() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 0 }]))?;
    Ok(db)
}

#[test]
fn a_case_without_otherwise_is_an_operand_like_any_other() -> memorm::Result<()> {
    let db = items()?;
    let qty = || case().when(Item::ID.eq(1), Item::QTY).end();
    assert_eq!(select::<Item>().select(qty() + 1).all(&db)?, [Some(4), None]);
    assert_eq!(select::<Item>().filter(qty().eq(3)).count(&db)?, 1);
    assert_eq!(select::<Item>().filter(qty().is_none()).count(&db)?, 1);
    Ok(())
}

#[test]
fn a_distinct_row_behind_the_last_wanted_one_is_not_computed() -> memorm::Result<()> {
    let db = items()?;
    let rows = select::<Item>().select(Item::ID.expr() / Item::QTY).distinct();
    assert_eq!(rows.clone().limit(1).all(&db)?, [0]);
    assert!(rows.all(&db).is_err());
    Ok(())
}

#[test]
fn iter_hands_out_the_rows_before_an_error() -> memorm::Result<()> {
    let db = items()?.snapshot();
    let rows = select::<Item>().select(Item::ID.expr() / Item::QTY);
    let mut walk = rows.iter(&db);
    assert!(matches!(walk.next(), Some(Ok(0))));
    assert!(matches!(walk.next(), Some(Err(_))));
    assert!(walk.next().is_none(), "the walk ends at the error");
    Ok(())
}

#[test]
fn a_filter_after_a_union_looks_no_further_than_the_last_wanted_row() -> memorm::Result<()> {
    let db = items()?;
    let both = select::<Item>().union(select::<Item>()).filter((Item::ID.expr() / Item::QTY).eq(0));
    assert!(both.exists(&db)?);
    assert_eq!(both.clone().limit(1).all(&db)?.len(), 1);
    assert!(both.all(&db).is_err());
    Ok(())
}

#[test]
fn an_update_reports_the_first_row_that_fails_whichever_column_it_sets() -> memorm::Result<()> {
    let db = Database::new();
    let rows = [(1, 5), (2, i64::MAX), (3, 0)].map(|(id, qty)| Item { id, qty });
    db.transaction(|s| s.add_all(rows.clone()))?;
    let qty = Item::QTY.expr();
    let by_zero = update::<Item>().set(Item::QTY, Item::ID.expr() / Item::QTY);
    let both = by_zero.set(Item::QTY, qty.clone() + 1);
    let result = both.exec(&mut db.session());
    assert!(matches!(result, Err(memorm::Error::Arithmetic { key, .. }) if key == "2"));
    Ok(())
}

#[test]
fn an_aggregate_reports_the_first_row_that_fails_whichever_term_it_is() -> memorm::Result<()> {
    let db = Database::new();
    let rows = [(1, 5), (2, i64::MAX), (3, 0)].map(|(id, qty)| Item { id, qty });
    db.transaction(|s| s.add_all(rows.clone()))?;
    let terms = ((Item::ID.expr() / Item::QTY).sum(), (Item::QTY.expr() + 1).sum());
    let result = select::<Item>().aggregate(terms, &db);
    assert!(matches!(result, Err(memorm::Error::Arithmetic { key, .. }) if key == "2"));
    Ok(())
}

#[test]
fn an_update_of_no_row_is_refused_after_a_rollback_inside_a_closure() -> memorm::Result<()> {
    let db = items()?;
    let nobody = || update::<Item>().filter(Item::ID.eq(9)).set(Item::QTY, 1);
    let result = db.session().nested(|s| {
        s.rollback();
        assert!(matches!(nobody().exec(s), Err(memorm::Error::RolledBack)));
        Ok(())
    });
    assert!(matches!(result, Err(memorm::Error::RolledBack)));
    Ok(())
}

#[test]
fn the_first_call_chooses_the_version_whatever_it_is() -> memorm::Result<()> {
    let first_calls: [fn(&mut Session); 4] = [
        |s| {
            let _ = s.savepoint();
        },
        |s| drop(s.changes()),
        |s| s.nested(|_| Ok(())).expect("an empty closure"),
        |s| drop(s.upsert_on(Item::QTY, Item { id: 1, qty: 1 }, |_, _| ())),
    ];
    for first_call in first_calls {
        let db = items()?;
        let mut session = db.session();
        first_call(&mut session);
        db.transaction(|s| s.add(Item { id: 3, qty: 1 }))?;
        assert_eq!(select::<Item>().count(&session)?, 2);
    }
    Ok(())
}

#[test]
fn a_rollback_in_a_closure_inside_one_that_was_rolled_back_revives_neither() -> memorm::Result<()> {
    let db = items()?;
    let result = db.session().nested(|s| {
        s.rollback();
        let inner = s.nested(|s| {
            s.rollback();
            Ok(())
        });
        assert!(matches!(inner, Err(memorm::Error::RolledBack)));
        assert!(matches!(s.add(Item { id: 3, qty: 1 }), Err(memorm::Error::RolledBack)));
        Ok(())
    });
    assert!(matches!(result, Err(memorm::Error::RolledBack)));
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Numbered {
    #[model(primary_key, auto)]
    id: i64,
}

/// The key that the next row gets.
fn next_key(session: &mut Session) -> memorm::Result<i64> {
    Ok(session.add(Numbered { id: 0 })?.id)
}

#[test]
fn a_chosen_key_that_was_undone_does_not_count() -> memorm::Result<()> {
    let looks: [fn(&Session); 2] = [|_| {}, |s| drop(s.view())];
    for look in looks {
        let db = Database::new();
        let mut session = db.session();
        assert_eq!(next_key(&mut session)?, 1);
        look(&session);
        let savepoint = session.savepoint();
        session.add(Numbered { id: 50 })?;
        look(&session);
        assert_eq!(next_key(&mut session)?, 51);
        session.rollback_to(&savepoint)?;
        session.commit()?;
        assert_eq!(next_key(&mut db.session())?, 52, "51 was handed out already");
        assert_eq!(next_key(&mut db.fork().session())?, 2);
    }
    Ok(())
}

#[test]
fn a_chosen_key_of_a_session_that_rolled_back_does_not_count() -> memorm::Result<()> {
    let db = items()?;
    let mut session = db.session();
    session.add(Numbered { id: 50 })?;
    session.rollback();
    session.add(Item { id: 3, qty: 1 })?;
    session.commit()?;
    assert_eq!(next_key(&mut session)?, 1);
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Part {
    #[model(primary_key)]
    id: i64,
    #[model(references(Item, on_delete = cascade))]
    item_id: i64,
}

#[test]
fn savepoints_outlive_a_commit_that_fails() -> memorm::Result<()> {
    let db = items()?;
    let mut session = db.session();
    session.add(Part { id: 1, item_id: 1 })?;
    let savepoint = session.savepoint();
    session.add(Part { id: 2, item_id: 2 })?;
    db.transaction(|s| s.delete_by_key::<Item>(2))?;
    assert!(matches!(session.commit(), Err(memorm::Error::Conflict { .. })));
    assert_eq!(select::<Item>().count(&session)?, 2, "the session still reads its version");
    session.rollback_to(&savepoint)?;
    session.commit()?;
    assert_eq!(select::<Part>().select(Part::ID).all(&db)?, [1]);
    Ok(())
}

#[test]
fn a_key_counts_though_its_row_was_deleted_before_a_commit_on_a_moved_head() -> memorm::Result<()> {
    for is_moved in [false, true] {
        let db = items()?;
        let mut session = db.session();
        let first = session.add(Numbered { id: 0 })?;
        session.delete(&first)?;
        session.add(Item { id: 3, qty: 1 })?;
        if is_moved {
            db.transaction(|s| s.add(Item { id: 4, qty: 1 }))?;
        }
        session.commit()?;
        assert_eq!(next_key(&mut db.fork().session())?, 2);
    }
    Ok(())
}

#[test]
fn an_insert_that_fails_chooses_the_version_as_any_first_call_does() -> memorm::Result<()> {
    let db = items()?;
    let mut session = db.session();
    assert!(insert::<Item>().set(Item::ID, 9).exec(&mut session).is_err(), "no quantity");
    db.transaction(|s| s.add(Item { id: 3, qty: 1 }))?;
    assert_eq!(select::<Item>().count(&session)?, 2);
    Ok(())
}

#[derive(Model, Clone, Debug)]
#[model(table = "readings")]
struct Reading {
    #[model(primary_key)]
    id: i64,
    heat: f64,
}

#[test]
fn a_remainder_of_floats_needs_no_function_that_a_build_of_sqlite_may_lack() -> memorm::Result<()> {
    let sql = select::<Reading>().select(Reading::HEAT % 2.0).to_sql(Dialect::Sqlite)?;
    let remainder = r#"(SELECT a - b * CAST(a / b AS INTEGER) FROM (SELECT "heat" AS a, ? AS b))"#;
    assert_eq!(sql.text, format!(r#"SELECT {remainder} FROM "readings""#));
    Ok(())
}

#[derive(Model, Clone, Debug)]
#[model(constructor = new)]
struct Event {
    #[model(primary_key, auto)]
    id: i8,
    name: String,
}

/// Opens a session that reads the newest version.
fn reading(db: &Database) -> memorm::Result<Session> {
    let session = db.session();
    session.all(select::<Event>())?;
    Ok(session)
}

#[test]
fn a_session_from_before_a_restore_gets_no_key_that_the_restored_rows_use() -> memorm::Result<()> {
    let db = Database::new();
    let mut early = reading(&db)?;
    db.transaction(|s| s.add_all([Event::new("a"), Event::new("b")]))?;
    db.checkpoint("two");
    db.restore("two")?;
    assert_eq!(early.add(Event::new("c"))?.id, 3);
    early.commit()?;
    Ok(())
}

#[test]
fn a_session_from_before_a_merge_gets_no_key_that_came_with_it() -> memorm::Result<()> {
    let db = Database::new();
    let (base, fork) = (db.snapshot(), db.fork());
    let mut early = reading(&db)?;
    fork.transaction(|s| s.add(Event::new("a")))?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(early.add(Event::new("b"))?.id, 2);
    early.commit()?;
    Ok(())
}

#[test]
fn a_key_that_outlives_an_undo_is_not_handed_out() -> memorm::Result<()> {
    let db = Database::builder().history(9).build();
    let mut early = reading(&db)?;
    db.transaction(|s| s.add(Event::new("a")))?;
    db.transaction(|s| s.add_all([Event::new("b"), Event::new("c")]))?;
    db.transaction(|s| s.delete_by_key::<Event>(2))?;
    let mut late = reading(&db)?;
    late.add(Event { id: 2, name: "d".to_owned() })?;
    db.undo()?;
    db.undo()?;
    late.commit()?;
    assert_eq!(early.add(Event::new("e"))?.id, 4);
    early.commit()?;
    Ok(())
}

#[test]
fn a_fresh_key_of_a_merge_is_none_that_an_open_session_has() -> memorm::Result<()> {
    let db = Database::new();
    let (base, fork) = (db.snapshot(), db.fork());
    db.transaction(|s| s.add(Event::new("ours")))?;
    fork.transaction(|s| s.add(Event::new("theirs")))?;
    let mut open = db.session();
    assert_eq!(open.add(Event::new("open"))?.id, 2);
    let merged = db.merge(&base, &fork.snapshot(), Resolve::Rekey)?;
    assert_eq!(merged.rekeyed[0].new, Value::Int(3));
    open.commit()?;
    Ok(())
}

#[test]
fn a_merge_that_needs_a_key_beyond_the_type_says_so() -> memorm::Result<()> {
    let db = Database::new();
    let (base, fork) = (db.snapshot(), db.fork());
    for (db, name) in [(&db, "ours"), (&fork, "theirs")] {
        db.transaction(|s| s.add(Event { id: i8::MAX, name: name.to_owned() }))?;
    }
    let refused = db.merge(&base, &fork.snapshot(), Resolve::Rekey);
    assert!(matches!(refused, Err(memorm::Error::KeyExhausted { table: "event", column: "id" })));
    Ok(())
}

#[test]
fn a_counter_that_went_back_goes_on_from_the_merged_one() -> memorm::Result<()> {
    let db = Database::builder().history(9).build();
    db.transaction(|s| s.add(Event::new("a")))?;
    db.transaction(|s| s.add(Event::new("b")))?;
    let (base, fork) = (db.snapshot(), db.fork());
    db.undo()?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(db.transaction(|s| s.add(Event::new("c")))?.id, 3);
    Ok(())
}
