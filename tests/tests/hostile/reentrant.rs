//! User code that uses the database it is called by: no lock is held while it runs.
use memorm::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{OnceLock, Weak, mpsc};
use std::thread;
use std::time::Duration;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Uses a database in every way, once at a time.
fn use_it(db: &Weak<Database>) {
    let Some(db) = db.upgrade() else { return };
    if DEPTH.get() > 0 {
        return;
    }
    DEPTH.set(1);
    let used = (|| {
        select::<Note>().count(&*db)?;
        let mut session = db.session();
        session.add(Note { id: 0, text: "again".into() })?;
        session.flush()?;
        session.commit()?;
        db.transaction(|s| s.upsert(Note { id: 1, text: String::new() }, |old, _| old.text.push('.')))?;
        db.register::<Holder>()?;
        db.checkpoint("in use");
        db.forget("in use");
        db.snapshot().get_one::<Note>(1).map(drop)
    })();
    DEPTH.set(0);
    used.expect("the database works inside of user code");
}

#[derive(Model, Clone, Debug)]
struct Note {
    #[model(primary_key, auto)]
    id: u64,
    text: String,
}

/// Uses the database when it is cloned and when it is dropped.
#[derive(Debug, Default)]
struct Caller(Option<Weak<Database>>);

impl PartialEq for Caller {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Clone for Caller {
    fn clone(&self) -> Self {
        self.0.iter().for_each(use_it);
        Self(self.0.clone())
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.iter().for_each(use_it);
    }
}

#[derive(Model, Clone, Debug)]
#[model(check = check)]
struct Holder {
    #[model(primary_key)]
    id: u64,
    n: i64,
    #[model(opaque, default)]
    caller: Caller,
}

fn check(holder: &Holder) -> Result<(), String> {
    holder.caller.0.iter().for_each(use_it);
    Ok(())
}

fn database() -> memorm::Result<Arc<Database>> {
    let db = Arc::new(Database::new());
    db.transaction(|s| s.add(Note { id: 1, text: String::new() }))?;
    Ok(db)
}

fn holder(db: &Arc<Database>, id: u64) -> Holder {
    Holder { id, n: 0, caller: Caller(Some(Arc::downgrade(db))) }
}

fn notes(db: &Database) -> memorm::Result<usize> {
    select::<Note>().count(db)
}

#[test]
fn drop_clone_and_check_may_use_the_database() -> memorm::Result<()> {
    let db = database()?;
    let mut session = db.session();
    session.add_all((1..=5).map(|id| holder(&db, id)))?;
    session.commit()?;
    let before = notes(&db)?;
    session.update::<Holder>(1, |h| h.n = 1)?;
    update::<Holder>().set(Holder::N, Holder::N + 1).exec(&mut session)?;
    session.commit()?;
    session.merge(holder(&db, 2))?;
    session.upsert(holder(&db, 3), |old, new| old.n = new.n)?;
    session.delete_by_key::<Holder>(4)?;
    session.commit()?;
    session.update::<Holder>(5, |h| h.n = 9)?;
    session.rollback();
    session.delete_by_key::<Holder>(5)?;
    drop(session);
    assert!(notes(&db)? > before, "user code has run");
    assert_eq!(select::<Holder>().select(Holder::ID).all(&*db)?, [1, 2, 3, 5]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn drops_of_a_cleared_database_may_use_it() -> memorm::Result<()> {
    let db = database()?;
    db.transaction(|s| s.add_all((1..=5).map(|id| holder(&db, id))))?;
    db.clear();
    assert_eq!(select::<Holder>().count(&*db)?, 0);
    db.assert_consistent();
    Ok(())
}

#[test]
fn drops_after_the_database_find_it_gone() -> memorm::Result<()> {
    let db = database()?;
    db.transaction(|s| s.add_all((1..=5).map(|id| holder(&db, id))))?;
    let snapshot = db.snapshot();
    drop(db);
    drop(snapshot);
    Ok(())
}

#[test]
fn closures_may_use_the_database() -> memorm::Result<()> {
    let db = database()?;
    db.transaction(|s| s.add_all((1..=3).map(|id| holder(&db, id))))?;
    let mut session = db.session();
    let weak = Arc::downgrade(&db);
    let test = weak.clone();
    let filter = select::<Holder>().filter_with(move |_| {
        use_it(&test);
        true
    });
    let before = notes(&db)?;
    assert_eq!(filter.count(&*db)?, 3);
    assert_eq!(filter.iter(&session).count(), 3);
    session.update::<Holder>(1, |h| {
        use_it(&weak);
        h.n = 1;
    })?;
    update::<Holder>().apply(&mut session, |_| use_it(&weak))?;
    session.nested(|s| {
        use_it(&weak);
        s.update::<Holder>(2, |h| h.n = 2)
    })?;
    session.commit()?;
    db.transaction(|s| {
        s.update::<Holder>(3, |h| h.n = 3)?;
        db.transaction(|s| s.update::<Holder>(1, |h| h.n = 10))?;
        Ok(())
    })?;
    assert!(notes(&db)? > before);
    assert_eq!(select::<Holder>().select(Holder::N).all(&*db)?, [10, 2, 3]);
    Ok(())
}

#[test]
fn a_transaction_inside_a_transaction_on_one_row_is_a_conflict_and_no_deadlock() -> memorm::Result<()> {
    let db = database()?;
    let mut runs = 0;
    db.transaction(|s| {
        runs += 1;
        s.update::<Note>(1, |n| n.text.push('a'))?;
        if runs < 3 {
            db.transaction(|s| s.update::<Note>(1, |n| n.text.push('b')))?;
        }
        Ok(())
    })?;
    assert_eq!(runs, 3);
    assert_eq!(db.snapshot().get_one::<Note>(1)?.text, "bba");
    Ok(())
}

#[test]
fn a_clock_may_commit() -> memorm::Result<()> {
    static DB: OnceLock<Weak<Database>> = OnceLock::new();
    #[derive(Model, Clone)]
    struct Stamp {
        #[model(primary_key, auto)]
        id: u64,
        #[model(default = now)]
        at: i64,
    }
    let clock = || {
        DB.get().into_iter().for_each(use_it);
        7i64
    };
    let db = Arc::new(Database::builder().clock(clock).build());
    DB.get_or_init(|| Arc::downgrade(&db));
    DEPTH.set(1);
    db.transaction(|s| s.add(Note { id: 1, text: String::new() }))?;
    DEPTH.set(0);
    let stamp = db.transaction(|s| s.add(Stamp { id: 0, at: 0 }))?;
    assert_eq!((stamp.at, notes(&db)?), (7, 2));
    Ok(())
}

/// Lets each of the first three attempts to commit a `Holder` come too late: the fourth has the turn.
fn overtake_three_times(db: &Arc<Database>) {
    let (rival, attempts) = (Arc::downgrade(db), AtomicU32::new(0));
    db.on_commit(move |commit| -> Result<(), String> {
        let is_rivalled = commit.tables() == ["holder"] && attempts.fetch_add(1, Ordering::Relaxed) < 3;
        let Some(db) = rival.upgrade().filter(|_| is_rivalled) else { return Ok(()) };
        let add = || db.transaction(|s| s.add(Note { id: 0, text: "faster".into() })).is_ok();
        let is_faster = thread::scope(|scope| scope.spawn(add).join().is_ok_and(|added| added));
        assert!(is_faster, "the rival commits");
        Ok(())
    });
}

/// Whether the work ends, instead of waiting for itself.
fn ends(work: impl FnOnce() -> memorm::Result<()> + Send + 'static) -> memorm::Result<bool> {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    is_done.recv_timeout(Duration::from_secs(20)).map_or(Ok(false), |result| result.map(|()| true))
}

#[test]
fn drops_may_commit_when_a_commit_ends_that_others_had_to_wait_for() -> memorm::Result<()> {
    let db = database()?;
    db.transaction(|s| s.add(holder(&db, 1)))?;
    overtake_three_times(&db);
    let (own, before) = (db.clone(), notes(&db)?);
    assert!(ends(move || own.transaction(|s| s.delete_by_key::<Holder>(1).map(drop)))?);
    assert_eq!(notes(&db)?, before + 3 + 1, "three rivals, and the drop of the row");
    Ok(())
}

#[test]
fn drops_of_a_version_that_is_forgotten_may_commit_as_well() -> memorm::Result<()> {
    let db = Arc::new(Database::builder().history(4).build());
    db.transaction(|s| s.add(Note { id: 1, text: String::new() }))?;
    db.transaction(|s| s.add(holder(&db, 1)))?;
    let held = db.version();
    db.transaction(|s| s.delete_by_key::<Holder>(1))?;
    overtake_three_times(&db);
    let (own, before) = (db.clone(), notes(&db)?);
    assert!(ends(move || {
        let mut session = own.session();
        DEPTH.set(1);
        session.add(holder(&own, 2))?;
        DEPTH.set(0);
        session.commit().map(drop)
    })?);
    assert!(db.as_of(held).is_err(), "the last version with the row is forgotten");
    assert_eq!(notes(&db)?, before + 3 + 1, "three rivals, and the drop of the row");
    Ok(())
}

#[test]
fn drops_of_a_checkpoint_that_is_replaced_or_forgotten_may_use_checkpoints() -> memorm::Result<()> {
    let db = database()?;
    let (own, before) = (db.clone(), notes(&db)?);
    assert!(ends(move || {
        let checkpoint_with_a_row = || {
            own.transaction(|s| s.add(holder(&own, 1)))?;
            own.checkpoint("with a row");
            own.transaction(|s| s.delete_by_key::<Holder>(1))
        };
        checkpoint_with_a_row()?;
        own.checkpoint("with a row");
        checkpoint_with_a_row()?;
        assert!(own.forget("with a row"));
        Ok(())
    })?);
    assert_eq!(notes(&db)?, before + 4, "a check and a drop of each row");
    Ok(())
}

#[test]
fn closures_of_a_live_result_that_is_run_again_may_ask_it() -> memorm::Result<()> {
    static LIVE: OnceLock<Live<u64>> = OnceLock::new();
    let db = database()?;
    let asks = select::<Note>().filter_with(|_| {
        LIVE.get().map(Live::changed);
        true
    });
    let live = LIVE.get_or_init(|| db.live(asks.select(Note::ID).distinct()));
    assert!(ends(|| {
        assert_eq!((live.try_rows()?, live.count()?), (vec![1], 1));
        Ok(())
    })?);
    Ok(())
}

/// Counts a live result when it is dropped.
#[derive(Debug, Clone, Default, PartialEq)]
struct Watcher;

impl Drop for Watcher {
    fn drop(&mut self) {
        WATCHED.with(|watched| watched.get().and_then(Weak::upgrade).map(|live| live.count()));
    }
}

#[derive(Model, Clone, Debug)]
struct Watched {
    #[model(primary_key)]
    id: u64,
    #[model(opaque, default)]
    watcher: Watcher,
}

thread_local! {
    /// What each `Watcher` counts.
    static WATCHED: OnceLock<Weak<Live<Arc<Watched>>>> = const { OnceLock::new() };
}

#[test]
fn drops_of_rows_that_a_live_result_lets_go_of_may_ask_it() -> memorm::Result<()> {
    assert!(ends(|| {
        let db = Database::new();
        let live = Arc::new(db.live(select::<Watched>()));
        WATCHED.with(|watched| watched.set(Arc::downgrade(&live)).expect("nothing is watched yet"));
        db.transaction(|s| s.add_all((1..=2).map(|id| Watched { id, watcher: Watcher })).map(drop))?;
        assert_eq!(live.count()?, 2);
        db.transaction(|s| s.delete_by_key::<Watched>(1))?;
        assert_eq!(live.count()?, 1);
        assert_eq!(live.try_rows()?.len(), 1);
        db.transaction(|s| s.delete_by_key::<Watched>(2))?;
        assert_eq!(live.try_rows()?.len(), 0);
        // this version is counted, but its rows are not read
        db.transaction(|s| s.add(Watched { id: 3, watcher: Watcher }))?;
        assert_eq!(live.count()?, 1);
        db.transaction(|s| s.delete_by_key::<Watched>(3))?;
        assert_eq!(live.try_rows()?.len(), 0);
        Ok(())
    })?);
    Ok(())
}

thread_local! {
    /// What a `Copied` looks at while it is cloned.
    static LOOKED_AT: Cell<Option<&'static Database>> = const { Cell::new(None) };
}

/// All columns are memorm's own, so that its rows are written in place, but its `Clone` is not.
#[derive(Model, Debug)]
struct Copied {
    #[model(primary_key)]
    id: u64,
    qty: i64,
}

impl Clone for Copied {
    fn clone(&self) -> Self {
        LOOKED_AT.get().map(Database::version);
        Self { ..*self }
    }
}

#[test]
fn an_update_statement_clones_no_row_under_the_lock() -> memorm::Result<()> {
    let db: &'static Database = Box::leak(Box::new(Database::new()));
    db.transaction(|s| s.add_all((0..40).map(|id| Copied { id, qty: 0 })).map(drop))?;
    LOOKED_AT.set(Some(db));
    let raise = update::<Copied>().set(Copied::QTY, Copied::QTY + 1);
    let held = db.snapshot().get::<Copied>(7);
    db.transaction(|s| raise.exec(s))?;
    let fork = db.fork();
    // the next version shares the table with the fork, and nothing else
    db.transaction(|s| s.add(Note { id: 1, text: String::new() }))?;
    db.transaction(|s| raise.exec(s))?;
    db.transaction(|s| raise.exec(s))?;
    LOOKED_AT.set(None);
    assert_eq!(held.map(|row| row.qty), Some(0));
    assert_eq!(select::<Copied>().aggregate(Copied::QTY.sum(), &fork)?, Some(40));
    assert_eq!(select::<Copied>().aggregate(Copied::QTY.sum(), db)?, Some(120));
    Ok(())
}
