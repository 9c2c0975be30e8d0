//! What becomes of an undo, a merge, a restore while a commit is faster: it looks again, and each makes the next version.
use crate::models::{Item, set_qty, shop, stock};
use memorm::Error;
use memorm::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

/// Lets another thread commit quantity 99 of item 3 before the next version is published.
fn overtake_once(db: &Arc<Database>) {
    let (rival, is_done) = (Arc::downgrade(db), AtomicBool::new(false));
    db.on_commit(move |_| -> Result<(), String> {
        let Some(db) = rival.upgrade().filter(|_| !is_done.swap(true, Ordering::Relaxed)) else {
            return Ok(());
        };
        thread::scope(|scope| scope.spawn(|| set_qty(&db, 3, 99)).join())
            .map_err(|_| "it has failed".to_owned())
    });
}

#[test]
fn an_undo_that_a_commit_overtakes_undoes_that_commit() -> memorm::Result<()> {
    let db = Arc::new(shop());
    set_qty(&db, 1, 11);
    overtake_once(&db);
    db.undo()?;
    assert_eq!(stock(&db), [(1, 11), (2, 20), (3, 30)]);
    db.redo()?;
    assert_eq!(stock(&db), [(1, 11), (2, 20), (3, 99)]);
    Ok(())
}

#[test]
fn a_merge_that_a_commit_overtakes_keeps_that_commit() -> memorm::Result<()> {
    let db = Arc::new(shop());
    let (base, fork) = (db.snapshot(), db.fork());
    set_qty(&fork, 1, 11);
    overtake_once(&db);
    let Version(before) = db.version();
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(stock(&db), [(1, 11), (2, 20), (3, 99)]);
    assert_eq!(db.version(), Version(before + 2));
    Ok(())
}

#[test]
fn a_restore_that_the_direct_path_overtakes_finds_the_database_busy() -> memorm::Result<()> {
    let db = Arc::new(shop());
    db.checkpoint("before");
    let Version(before) = db.version();
    let (rival, is_done) = (Arc::downgrade(&db), AtomicBool::new(false));
    let (hot, writers) = mpsc::channel();
    db.on_commit(move |_| -> Result<(), String> {
        let Some(db) = rival.upgrade().filter(|_| !is_done.swap(true, Ordering::Relaxed)) else {
            return Ok(());
        };
        let ((opened, is_open), (end, may_end)) = (mpsc::channel(), mpsc::channel::<()>());
        let writer = thread::spawn(move || {
            let mut hot = db.try_exclusive()?;
            hot.update::<Item>(1, |item| item.qty = 11)?;
            let _ = (opened.send(()), may_end.recv());
            Ok::<_, memorm::Error>(())
        });
        is_open.recv().map_err(|error| error.to_string())?;
        hot.send((writer, end)).map_err(|error| error.to_string())
    });
    assert!(matches!(db.restore("before"), Err(Error::Busy { .. })));
    let (writer, end) = writers.recv().expect("the hook has sent it");
    drop(end);
    writer.join().expect("it does not panic")?;
    assert_eq!((db.version(), stock(&db)), (Version(before + 1), vec![(1, 11), (2, 20), (3, 30)]));
    assert_eq!(db.restore("before")?, Version(before + 2));
    assert_eq!(stock(&db), [(1, 10), (2, 20), (3, 30)]);
    Ok(())
}

#[test]
fn each_way_to_change_a_database_makes_the_next_version() -> memorm::Result<()> {
    let db = shop();
    let (base, fork) = (db.snapshot(), db.fork());
    set_qty(&fork, 1, 11);
    db.checkpoint("before");
    let Version(first) = db.version();
    let steps: [&dyn Fn() -> memorm::Result<()>; 6] = [
        &|| db.merge(&base, &fork.snapshot(), Resolve::Fail).map(drop),
        &|| db.undo().map(drop),
        &|| db.redo().map(drop),
        &|| db.restore("before").map(drop),
        &|| db.transaction(|s| s.add(crate::models::Vendor::new("late")).map(drop)),
        &|| {
            db.clear();
            Ok(())
        },
    ];
    for (step, next) in steps.iter().zip(first + 1..) {
        step()?;
        assert_eq!(db.version(), Version(next));
    }
    Ok(())
}
