//! `drop_in_background`.
use memorm::prelude::*;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, ThreadId};

/// Tells on which thread it is dropped.
#[derive(Clone)]
struct Tell(Option<Sender<ThreadId>>);

impl PartialEq for Tell {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Drop for Tell {
    fn drop(&mut self) {
        if let Some(sender) = &self.0 {
            let _ = sender.send(thread::current().id());
        }
    }
}

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(opaque)]
    tell: Tell,
}

fn one_item() -> memorm::Result<(Database, Receiver<ThreadId>)> {
    let (sender, receiver) = channel();
    let db = Database::new();
    let mut session = db.session();
    session.add(Item { id: 1, tell: Tell(Some(sender)) })?;
    session.commit()?;
    Ok((db, receiver))
}

#[test]
fn the_rows_of_a_snapshot_are_dropped_on_another_thread() -> memorm::Result<()> {
    let (db, dropped) = one_item()?;
    let old = db.snapshot();
    db.clear();
    assert!(dropped.try_recv().is_err());
    old.drop_in_background();
    assert_ne!(dropped.recv(), Ok(thread::current().id()));
    Ok(())
}

#[test]
fn the_rows_of_a_database_are_dropped_on_another_thread() -> memorm::Result<()> {
    let (db, dropped) = one_item()?;
    db.drop_in_background();
    assert_ne!(dropped.recv(), Ok(thread::current().id()));
    Ok(())
}

#[test]
fn a_panic_in_a_drop_leaves_the_thread_at_work() -> memorm::Result<()> {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("no");
        }
    }
    #[derive(Model, Clone)]
    struct Mine {
        #[model(primary_key)]
        id: u64,
        #[model(opaque)]
        bomb: Arc<Option<BombOf>>,
    }
    #[derive(Clone)]
    struct BombOf(Arc<Bomb>);
    impl PartialEq for BombOf {
        fn eq(&self, other: &Self) -> bool {
            Arc::ptr_eq(&self.0, &other.0)
        }
    }
    let db = Database::new();
    let mut session = db.session();
    session.add(Mine { id: 1, bomb: Arc::new(Some(BombOf(Arc::new(Bomb)))) })?;
    session.commit()?;
    drop(session);
    db.drop_in_background();
    let (db, dropped) = one_item()?;
    db.drop_in_background();
    assert!(dropped.recv().is_ok());
    Ok(())
}
