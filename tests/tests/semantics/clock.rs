//! Versions: time comes from the database's clock.
use memorm::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(constructor = new)]
struct Event {
    #[model(primary_key, auto)]
    id: u64,
    name: String,
    #[model(default = now)]
    made: u64,
    #[model(on_update = now)]
    changed: u64,
    #[model(default = now)]
    maybe: Option<i64>,
}

/// A database whose clock is the number.
fn ticking() -> (Database, Arc<AtomicU64>) {
    let tick = Arc::new(AtomicU64::new(100));
    let clock = tick.clone();
    (Database::builder().clock(move || clock.load(Ordering::Relaxed)).build(), tick)
}

#[test]
fn default_now_is_read_when_the_row_is_added() -> memorm::Result<()> {
    let (db, tick) = ticking();
    let mut session = db.session();
    let first = session.add(Event::new("a"))?;
    assert_eq!((first.made, first.changed), (100, 100));
    tick.store(200, Ordering::Relaxed);
    session.add_all([Event::new("b")])?;
    insert::<Event>().set(Event::NAME, "c").exec(&mut session)?;
    insert::<Event>().rows([Event::new("d")]).exec(&mut session)?;
    session.merge(Event::new("e"))?;
    session.upsert(Event::new("f"), |_, _| ())?;
    tick.store(300, Ordering::Relaxed);
    session.commit()?;
    let made = select::<Event>().select((Event::MADE, Event::CHANGED)).all(&db)?;
    assert_eq!(made, [(100, 100), (200, 200), (200, 200), (200, 200), (200, 200), (200, 200)]);
    Ok(())
}

#[test]
fn on_update_now_is_read_when_the_row_is_updated() -> memorm::Result<()> {
    let (db, tick) = ticking();
    db.transaction(|s| s.add(Event::new("a")))?;
    tick.store(200, Ordering::Relaxed);
    db.transaction(|s| s.update::<Event>(1, |e| e.name = "b".into()))?;
    let event = db.snapshot().get_one::<Event>(1)?;
    assert_eq!((event.made, event.changed), (100, 200));
    Ok(())
}

#[test]
fn a_value_that_is_given_is_kept() -> memorm::Result<()> {
    let (db, _) = ticking();
    let mut session = db.session();
    let event = session.add(Event { made: 7, changed: 8, maybe: Some(9), ..Event::new("a") })?;
    assert_eq!((event.made, event.changed, event.maybe), (7, 8, Some(9)));
    insert::<Event>().set(Event::NAME, "b").set(Event::MADE, 5).exec(&mut session)?;
    assert_eq!(session.get_one::<Event>(2)?.made, 5);
    assert_eq!(session.update::<Event>(1, |e| e.changed = 50)?.changed, 50);
    Ok(())
}

#[test]
fn a_fork_goes_by_the_same_clock() -> memorm::Result<()> {
    let (db, tick) = ticking();
    let fork = db.fork();
    tick.store(300, Ordering::Relaxed);
    assert_eq!(fork.transaction(|s| s.add(Event::new("a")))?.made, 300);
    Ok(())
}

#[test]
fn the_clock_may_tell_timestamps() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    #[model(constructor = new)]
    struct Stamp {
        #[model(primary_key, auto)]
        id: u64,
        #[model(default = now)]
        made: Timestamp,
        #[model(on_update = now)]
        changed: Option<Timestamp>,
    }
    let moment: Timestamp = "2025-01-02T03:04:05.678901234Z".parse().expect("a timestamp");
    let db = Database::builder().clock(move || moment).build();
    let stamp = db.transaction(|s| s.add(Stamp::new()))?;
    assert_eq!((stamp.made, stamp.changed), (moment, Some(moment)));
    Ok(())
}

#[test]
fn without_a_clock_it_is_the_systems_time() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    #[model(constructor = new)]
    struct Stamp {
        #[model(primary_key, auto)]
        id: u64,
        #[model(default = now)]
        made: Timestamp,
    }
    let before = Timestamp::now();
    let made = Database::new().transaction(|s| s.add(Stamp::new()))?.made;
    assert!((before..=Timestamp::now()).contains(&made));
    Ok(())
}

#[test]
fn the_clock_may_use_the_database() -> memorm::Result<()> {
    use std::sync::OnceLock;
    static DB: OnceLock<Database> = OnceLock::new();
    let clock = || DB.get().map_or(1, |db| db.version().0 + 1_000);
    let db = DB.get_or_init(|| Database::builder().clock(clock).build());
    assert_eq!(db.transaction(|s| s.add(Event::new("a")))?.made, 1_000);
    assert_eq!(db.transaction(|s| s.add(Event::new("b")))?.made, 1_001);
    Ok(())
}
