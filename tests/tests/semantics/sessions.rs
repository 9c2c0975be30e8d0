//! Sessions: commits without changes, transactions, retries.
use memorm::Error;
use memorm::prelude::*;
use memorm_tests::panics;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new)]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    name: String,
}

fn items(names: &[&str]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all(names.iter().map(|name| Item::new(*name))))?;
    Ok(db)
}

fn names(db: &Database) -> memorm::Result<Vec<String>> {
    select::<Item>().select(Item::NAME).all(db)
}

#[test]
fn a_commit_without_changes_returns_the_bases_version_and_publishes_nothing() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let base = db.version();
    let mut session = db.session();
    assert_eq!(session.commit()?, base);
    assert_eq!(session.get_one::<Item>(1)?.name, "a");
    let mut other = db.session();
    other.add(Item::new("b"))?;
    let later = other.commit()?;
    assert!(later > base);
    assert_eq!(session.commit()?, base, "the version that it has read");
    assert_eq!(session.commit()?, later);
    assert_eq!(db.version(), later);
    Ok(())
}

#[test]
fn work_that_was_undone_is_no_change() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let base = db.version();
    let mut session = db.session();
    let savepoint = session.savepoint();
    session.update::<Item>(1, |i| i.name = "b".into())?;
    session.add(Item::new("c"))?;
    session.delete_by_key::<Item>(1)?;
    session.rollback_to(&savepoint)?;
    assert_eq!(session.commit()?, base);
    let added = session.add(Item::new("c"))?;
    session.delete(&added)?;
    assert!(session.changes().is_empty());
    assert_eq!(session.commit()?, base);
    assert!(session.add(Item::new("a")).is_err());
    assert_eq!(session.commit()?, base);
    assert_eq!(db.version(), base);
    Ok(())
}

#[test]
fn a_session_reads_one_version_from_its_first_call_to_its_commit() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut session = db.session();
    db.transaction(|s| s.add(Item::new("b")))?;
    assert_eq!(select::<Item>().count(&session)?, 2, "the first call is after the commit");
    db.transaction(|s| s.add(Item::new("c")))?;
    assert_eq!(select::<Item>().count(&session)?, 2);
    assert!(session.get::<Item>(3).is_none());
    session.add(Item::new("d"))?;
    assert_eq!(select::<Item>().count(&session)?, 3);
    session.commit()?;
    assert_eq!(select::<Item>().count(&session)?, 4);
    Ok(())
}

#[test]
fn commit_inside_nested_or_transaction_is_an_error() -> memorm::Result<()> {
    let db = items(&[])?;
    db.transaction(|s| {
        s.add(Item::new("a"))?;
        assert!(matches!(s.commit(), Err(Error::InTransaction)));
        s.nested(|s| {
            s.add(Item::new("b"))?;
            assert!(matches!(s.commit(), Err(Error::InTransaction)));
            Ok(())
        })?;
        assert!(matches!(s.commit(), Err(Error::InTransaction)));
        Ok(())
    })?;
    let mut session = db.session();
    session.nested(|s| {
        s.add(Item::new("c"))?;
        assert!(matches!(s.commit(), Err(Error::InTransaction)));
        Ok(())
    })?;
    assert_eq!(names(&db)?, ["a", "b"]);
    session.commit()?;
    assert_eq!(names(&db)?, ["a", "b", "c"]);
    Ok(())
}

#[test]
fn rollback_inside_a_transaction_dooms_it() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut runs = 0;
    let result = db.transaction(|s| {
        runs += 1;
        s.add(Item::new("b"))?;
        s.rollback();
        assert!(matches!(s.add(Item::new("c")), Err(Error::RolledBack)));
        assert!(matches!(s.update::<Item>(1, |i| i.name = "x".into()), Err(Error::RolledBack)));
        assert!(matches!(s.delete_by_key::<Item>(1), Err(Error::RolledBack)));
        assert!(matches!(update::<Item>().set(Item::NAME, "y").exec(s), Err(Error::RolledBack)));
        assert!(s.nested(|s| s.add(Item::new("d"))).is_err());
        Ok(())
    });
    assert!(matches!(result, Err(Error::RolledBack)));
    assert_eq!(runs, 1);
    assert_eq!(names(&db)?, ["a"]);
    Ok(())
}

#[test]
fn rollback_inside_nested_dooms_that_closure_alone() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut session = db.session();
    session.add(Item::new("before"))?;
    let result: memorm::Result<()> = session.nested(|s| {
        s.add(Item::new("inside"))?;
        s.rollback();
        assert_eq!(select::<Item>().count(s)?, 2, "the work before is still there");
        assert!(matches!(s.add(Item::new("more")), Err(Error::RolledBack)));
        Ok(())
    });
    assert!(matches!(result, Err(Error::RolledBack)));
    session.add(Item::new("after"))?;
    session.commit()?;
    assert_eq!(names(&db)?, ["a", "before", "after"]);
    Ok(())
}

#[test]
fn rollback_in_the_inner_of_two_closures_leaves_the_outer() -> memorm::Result<()> {
    let db = items(&[])?;
    db.transaction(|s| {
        s.add(Item::new("outer"))?;
        let inner: memorm::Result<()> = s.nested(|s| {
            s.add(Item::new("middle"))?;
            let innermost: memorm::Result<()> = s.nested(|s| {
                s.add(Item::new("inner"))?;
                s.rollback();
                Ok(())
            });
            assert!(matches!(innermost, Err(Error::RolledBack)));
            s.add(Item::new("middle too"))?;
            Ok(())
        });
        inner?;
        s.add(Item::new("outer too"))
    })?;
    assert_eq!(names(&db)?, ["outer", "middle", "middle too", "outer too"]);
    Ok(())
}

/// Runs a transaction whose commit conflicts each time; how often its closure ran.
fn runs_of(db: &Database, mut give_up: impl FnMut(u32) -> bool) -> (u32, memorm::Result<()>) {
    let mut runs = 0;
    let result = db.transaction(|s| {
        runs += 1;
        s.update::<Item>(1, |i| i.name = format!("run {runs}"))?;
        if !give_up(runs) {
            db.transaction(|s| s.update::<Item>(1, |i| i.name.push('!')))?;
        }
        Ok(())
    });
    (runs, result)
}

#[test]
fn a_transaction_is_tried_sixteen_times() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let (runs, result) = runs_of(&db, |_| false);
    assert_eq!(runs, 16);
    assert!(result.is_err_and(|e| e.is_conflict()));
    assert_eq!(names(&db)?, ["a!!!!!!!!!!!!!!!!"]);
    Ok(())
}

#[test]
fn a_transaction_that_succeeds_at_last_has_run_once_more_than_it_conflicted() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let (runs, result) = runs_of(&db, |run| run == 5);
    assert_eq!(runs, 5);
    result?;
    assert_eq!(names(&db)?, ["run 5"]);
    Ok(())
}

#[test]
fn the_builder_sets_the_attempts() -> memorm::Result<()> {
    for (attempts, expected) in [(0, 1), (1, 1), (3, 3)] {
        let db = Database::builder().attempts(attempts).build();
        db.transaction(|s| s.add(Item::new("a")))?;
        let (runs, result) = runs_of(&db, |_| false);
        assert_eq!(runs, expected);
        assert!(result.is_err_and(|e| e.is_conflict()));
    }
    Ok(())
}

#[test]
fn each_attempt_starts_from_the_newest_version() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut seen = Vec::new();
    db.transaction(|s| {
        let item = s.update::<Item>(1, |i| i.name.push('.'))?;
        seen.push(item.name.clone());
        if seen.len() < 3 {
            db.transaction(|s| s.update::<Item>(1, |i| i.name.push('!')))?;
        }
        Ok(())
    })?;
    assert_eq!(seen, ["a.", "a!.", "a!!."]);
    assert_eq!(names(&db)?, ["a!!."]);
    Ok(())
}

#[test]
fn an_err_from_the_closure_is_not_retried() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut runs = 0;
    let result: memorm::Result<()> = db.transaction(|s| {
        runs += 1;
        s.add(Item::new("b"))?;
        Err(Error::other("no"))
    });
    assert!(result.is_err_and(|e| e.to_string() == "no"));
    let result = db.transaction(|s| {
        runs += 1;
        s.add(Item::new("a"))
    });
    assert!(result.is_err_and(|e| e.is_violation()));
    assert_eq!(runs, 2);
    assert_eq!(names(&db)?, ["a"]);
    Ok(())
}

#[test]
fn a_violation_at_commit_is_not_retried() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Child {
        #[model(primary_key)]
        id: u32,
        #[model(references(Item))]
        item_id: u64,
    }
    let db = items(&["a"])?;
    let mut runs = 0;
    let result = db.transaction(|s| {
        runs += 1;
        s.add(Child { id: 1, item_id: 9 })
    });
    assert!(result.is_err_and(|e| e.is_violation()));
    assert_eq!(runs, 1);
    Ok(())
}

#[test]
fn panics_roll_back() -> memorm::Result<()> {
    let db = items(&["a"])?;
    assert!(panics("in a transaction", || db.transaction(|s| -> memorm::Result<()> {
        s.add(Item::new("b"))?;
        panic!("in a transaction")
    })));
    let mut session = db.session();
    session.add(Item::new("c"))?;
    assert!(panics("in nested", || session.nested(|s| -> memorm::Result<()> {
        s.update::<Item>(1, |i| i.name = "x".into())?;
        s.nested(|s| s.add(Item::new("d")))?;
        panic!("in nested")
    })));
    assert!(panics("two deep", || session.nested(|s| -> memorm::Result<()> {
        s.add(Item::new("e"))?;
        s.nested(|s| {
            s.add(Item::new("f"))?;
            panic!("two deep")
        })
    })));
    assert!(panics("in update", || session.update::<Item>(1, |i| {
        i.name = "y".into();
        assert!(i.id != 1, "in update");
    })));
    session.commit()?;
    assert_eq!(names(&db)?, ["a", "c"]);
    Ok(())
}

#[test]
fn dropping_a_session_rolls_back() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut session = db.session();
    session.update::<Item>(1, |i| i.name = "b".into())?;
    drop(session);
    assert_eq!(names(&db)?, ["a"]);
    Ok(())
}

#[test]
fn readers_and_committers_do_not_wait_for_a_transaction() -> memorm::Result<()> {
    let db = items(&["a"])?;
    db.transaction(|s| {
        s.update::<Item>(1, |i| i.name = "mine".into())?;
        s.flush()?;
        // on this very thread: whoever waited for the transaction would wait for ever
        assert_eq!(names(&db)?, ["a"]);
        assert_eq!(db.snapshot().get_one::<Item>(1)?.name, "a");
        db.transaction(|s| s.add(Item::new("theirs")))?;
        assert_eq!(names(&db)?, ["a", "theirs"]);
        Ok(())
    })?;
    assert_eq!(names(&db)?, ["mine", "theirs"]);
    Ok(())
}

#[test]
fn the_closure_of_an_update_may_return_a_result() -> memorm::Result<()> {
    let db = items(&["a"])?;
    let mut session = db.session();
    let refused = session.update::<Item>(1, |i| -> memorm::Result<()> {
        i.name = "b".into();
        Err(Error::other("no"))
    });
    assert!(refused.is_err_and(|e| e.to_string() == "no"));
    assert_eq!(session.get_one::<Item>(1)?.name, "a");
    session.update::<Item>(1, |i| -> memorm::Result<()> {
        i.name = "c".into();
        Ok(())
    })?;
    assert!(session.update::<Item>(9, |_| ()).is_err_and(|e| e.is_not_found()));
    session.commit()?;
    assert_eq!(names(&db)?, ["c"]);
    Ok(())
}

#[test]
fn a_session_that_is_put_into_the_place_of_another_is_an_error_of_the_closure() -> memorm::Result<()> {
    let db = Database::new();
    let swapped = db.transaction(|s| {
        *s = db.session();
        s.add(Item::new("kept"))
    });
    assert!(matches!(swapped, Err(Error::InTransaction)), "{swapped:?}");
    let (mut session, mut other) = (db.session(), db.session());
    let swapped = session.nested(|s| {
        std::mem::swap(s, &mut other);
        Ok(())
    });
    assert!(matches!(swapped, Err(Error::InTransaction)), "{swapped:?}");
    assert_eq!(select::<Item>().count(&db)?, 0);
    db.transaction(|s| s.add(Item::new("next"))).map(drop)
}
