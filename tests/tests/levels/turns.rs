//! Whose turn it is: who has lost three rounds against a moving head is overtaken by nobody who comes later.
use memorm::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

#[derive(Model, Clone, Debug)]
struct Slow {
    #[model(primary_key)]
    id: u64,
}

#[derive(Model, Clone, Debug)]
struct Fast {
    #[model(primary_key, auto)]
    id: u64,
}

/// Commits a row in another thread, in one attempt; its version comes through the channel.
fn faster(db: Arc<Database>) -> mpsc::Receiver<Version> {
    let (done, version) = mpsc::channel();
    thread::spawn(move || {
        let mut session = db.session();
        session.add(Fast { id: 0 }).expect("nobody else has the key");
        done.send(session.commit().expect("nobody else writes the row"))
    });
    version
}

#[test]
fn who_comes_in_the_turn_of_a_loser_commits_after_it() -> memorm::Result<()> {
    let db = Arc::new(Database::new());
    let newcomer: Arc<Mutex<Option<mpsc::Receiver<Version>>>> = Arc::default();
    let attempts = Arc::new(AtomicU32::new(0));
    let (weak, waiting, made) = (Arc::downgrade(&db), newcomer.clone(), attempts.clone());
    db.on_commit(move |commit| -> Result<(), String> {
        let Some(db) = weak.upgrade().filter(|_| commit.tables() == ["slow"]) else { return Ok(()) };
        let (version, late) = (db.version(), faster(db.clone()));
        if made.fetch_add(1, Ordering::Relaxed) < 3 {
            return late.recv_timeout(Duration::from_secs(20)).map(drop).map_err(|error| error.to_string());
        }
        // room to overtake, for one who would not wait
        (0..10_000).take_while(|_| db.version() == version).for_each(|_| thread::yield_now());
        waiting.lock().map_err(|error| error.to_string())?.replace(late);
        Ok(())
    });
    let mut session = db.session();
    session.add(Slow { id: 1 })?;
    let slow = session.commit()?;
    let late = newcomer.lock().ok().and_then(|mut late| late.take()).and_then(|late| late.recv().ok());
    assert_eq!(attempts.load(Ordering::Relaxed), 4, "three lost rounds, and the turn");
    assert_eq!(late, Some(Version(slow.0 + 1)));
    Ok(())
}
