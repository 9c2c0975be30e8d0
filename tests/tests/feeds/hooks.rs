//! `on_commit`.
use crate::models::{Item, item, told};
use memorm::Error;
use memorm::prelude::*;
use memorm_tests::panics;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn no_negative(commit: &CommitChanges) -> Result<(), String> {
    let negative = commit.of::<Item>().into_iter().find_map(|change| match change {
        Change::Inserted(new) | Change::Updated { new, .. } if new.qty < 0 => Some(new.id),
        _ => None,
    });
    negative.map_or(Ok(()), |id| Err(format!("item {id} is negative")))
}

#[test]
fn a_hook_refuses_a_commit_with_its_message() -> memorm::Result<()> {
    let db = Database::new();
    db.on_commit(no_negative);
    db.transaction(|s| s.add(item(1, 3)))?;
    let mut feed = db.subscribe();
    let mut session = db.session();
    session.update::<Item>(1, |item| item.qty = -1)?;
    let refused = session.commit().unwrap_err();
    assert_eq!(refused.to_string(), "commit refused: item 1 is negative");
    assert!(refused.is_violation() && !refused.is_conflict());
    assert_eq!(db.snapshot().get_one::<Item>(1)?.qty, 3);
    assert!(feed.try_next().is_none());
    session.update::<Item>(1, |item| item.qty = 5)?; // the session keeps its writes
    session.commit()?;
    assert_eq!(told(&feed.try_next().unwrap()), ["~1 qty"]);
    Ok(())
}

#[test]
fn hooks_run_in_order_up_to_the_first_that_refuses() -> memorm::Result<()> {
    let db = Database::new();
    let calls = Arc::new(Mutex::new(Vec::new()));
    for (name, refuses) in [("a", false), ("b", true), ("c", false)] {
        let calls = calls.clone();
        db.on_commit(move |_| {
            calls.lock().unwrap().push(name);
            if refuses { Err("no") } else { Ok(()) }
        });
    }
    assert!(db.transaction(|s| s.add(item(1, 3))).is_err());
    assert_eq!(*calls.lock().unwrap(), ["a", "b"]);
    Ok(())
}

#[test]
fn a_removed_hook_runs_no_more_and_a_dropped_handle_leaves_it() -> memorm::Result<()> {
    let db = Database::new();
    let hook = db.on_commit(|_| Err("never"));
    drop(db.on_commit(no_negative));
    assert!(db.transaction(|s| s.add(item(1, 3))).is_err());
    hook.remove();
    db.transaction(|s| s.add(item(1, 3)))?;
    assert!(db.transaction(|s| s.add(item(2, -3))).is_err());
    Ok(())
}

#[test]
fn a_session_that_outlives_its_database_runs_its_hooks_until_they_are_removed() -> memorm::Result<()> {
    let db = Database::new();
    let (_, hook) = (db.on_commit(no_negative), db.on_commit(|_| Err("never")));
    assert_eq!(format!("{hook:?}"), "Hook { .. }");
    let mut session = db.session();
    drop(db);
    session.add(item(1, 3))?;
    assert_eq!(session.commit().unwrap_err().to_string(), "commit refused: never");
    hook.remove();
    session.commit()?;
    session.add(item(2, -3))?;
    assert!(session.commit().is_err(), "the other hook is still there");
    Ok(())
}

#[test]
fn a_panic_in_a_hook_leaves_database_and_session_as_they_were() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(item(1, 3)))?;
    let hook = db.on_commit(|_| -> Result<(), String> { panic!("hook") });
    let mut session = db.session();
    session.update::<Item>(1, |item| item.qty = 4)?;
    assert!(panics("hook", || session.commit()));
    assert_eq!(db.snapshot().get_one::<Item>(1)?.qty, 3);
    assert_eq!(session.get_one::<Item>(1)?.qty, 4);
    hook.remove();
    session.commit()?;
    assert_eq!(db.snapshot().get_one::<Item>(1)?.qty, 4);
    Ok(())
}

#[test]
fn a_hook_sees_what_is_published_also_where_another_commit_was_faster() -> memorm::Result<()> {
    let db = Arc::new(Database::new());
    db.transaction(|s| s.add_all([item(1, 5), item(2, 5)]))?;
    let (runs, own) = (Arc::new(AtomicUsize::new(0)), Arc::downgrade(&db));
    let counted = runs.clone();
    db.on_commit(move |commit| {
        let run = counted.fetch_add(1, Ordering::Relaxed);
        if run == 0 {
            // another thread commits while this commit is prepared
            let db = own.upgrade().expect("the database lives");
            std::thread::scope(|scope| {
                scope.spawn(|| db.transaction(|s| s.update::<Item>(2, |item| item.qty = 0)).map(drop));
            });
        }
        let total: i64 =
            select::<Item>().all(&commit.snapshot()).map_or(0, |all| all.iter().map(|i| i.qty).sum());
        if total < 5 { Err(format!("only {total} left")) } else { Ok(()) }
    });
    let refused = db.transaction(|s| s.update::<Item>(1, |item| item.qty = 1)).unwrap_err();
    assert_eq!(refused.to_string(), "commit refused: only 1 left");
    assert_eq!(runs.load(Ordering::Relaxed), 3, "twice for one commit, once for the other");
    Ok(())
}

#[test]
fn a_hook_that_commits_gets_an_error_instead_of_waiting_for_itself() -> memorm::Result<()> {
    let db = Arc::new(Database::new());
    let own = Arc::downgrade(&db);
    db.on_commit(move |_| {
        let db = own.upgrade().expect("the database lives");
        let mut inner = db.session();
        inner.add(item(9, 0)).map_err(|e| e.to_string())?;
        match inner.commit() {
            Err(Error::InTransaction) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    db.transaction(|s| s.add(item(1, 0)))?;
    assert_eq!(select::<Item>().count(&*db)?, 1);
    Ok(())
}

/// A database whose hook does `work` in it; the hook refuses where that is no error or the hook runs again in it.
fn hooked(work: impl Fn(&Database) -> memorm::Result<Version> + Send + Sync + 'static) -> Arc<Database> {
    let db = Arc::new(Database::builder().history(10).build());
    let (own, depth) = (Arc::downgrade(&db), AtomicUsize::new(0));
    db.on_commit(move |_| {
        let db = own.upgrade().expect("the database lives");
        if depth.fetch_add(1, Ordering::Relaxed) > 0 {
            return Err("a hook runs in a hook".to_owned());
        }
        let done = work(&db);
        depth.store(0, Ordering::Relaxed);
        match done {
            Err(Error::InTransaction) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    db
}

#[test]
fn a_hook_that_restores_or_merges_a_version_gets_an_error() -> memorm::Result<()> {
    let db = hooked(|db| db.restore("empty"));
    db.checkpoint("empty");
    db.transaction(|s| s.add(item(1, 0)))?;
    let db = hooked(Database::undo);
    db.transaction(|s| s.add(item(1, 0)))?;
    let db = hooked(|db| {
        let (base, fork) = (db.snapshot(), db.fork());
        fork.transaction(|s| s.add(item(9, 0)))?;
        db.merge(&base, &fork.snapshot(), Resolve::Fail).map(|merged| merged.version)
    });
    db.transaction(|s| s.add(item(1, 0)))?;
    assert_eq!(select::<Item>().count(&*db)?, 1);
    Ok(())
}

#[test]
fn a_fork_has_no_hooks() -> memorm::Result<()> {
    let db = Database::new();
    db.on_commit(|_| Err("never"));
    db.fork().transaction(|s| s.add(item(1, 0)))?;
    Ok(())
}
