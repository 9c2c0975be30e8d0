//! Going first: who has lost four times runs its fifth attempt while the commits of others wait, though not for ever.
use memorm::prelude::*;
use std::sync::mpsc;
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

#[derive(Model, Clone, Debug)]
struct Row {
    #[model(primary_key)]
    id: u64,
    n: i64,
}

fn database(attempts: u32) -> memorm::Result<Database> {
    let db = Database::builder().attempts(attempts).build();
    db.transaction(|s| s.add_all([1, 2].map(|id| Row { id, n: 0 })))?;
    Ok(db)
}

/// Another thread writes the row in a session of its own; says when it is about to commit.
fn rival<'s>(
    scope: &'s Scope<'s, '_>,
    db: &'s Database,
) -> (ScopedJoinHandle<'s, memorm::Result<Version>>, mpsc::Receiver<()>) {
    let (ready, is_ready) = mpsc::channel();
    let work = move || {
        let mut session = db.session();
        session.update::<Row>(1, |row| row.n += 100)?;
        // nobody listens where the closure waits for the end
        let _ = ready.send(());
        session.commit()
    };
    (scope.spawn(work), is_ready)
}

/// Loses four times to rivals, then leaves one waiting; what became of that one, in the attempt of which number, and how
/// long that took.
fn lose_four_times(db: &Database) -> memorm::Result<(memorm::Result<Version>, u32, Duration)> {
    thread::scope(|scope| {
        let (mut attempt, mut last, mut began) = (0, None, Instant::now());
        db.transaction(|s| {
            (attempt, began) = (attempt + 1, Instant::now());
            s.update::<Row>(1, |row| row.n += 1)?;
            let (rival, is_ready) = rival(scope, db);
            if attempt < 5 {
                rival.join().expect("a rival does not panic")?;
                return Ok(());
            }
            is_ready.recv().expect("the rival comes to its commit");
            // room to overtake, for one who would not wait
            let version = db.version();
            (0..1_000).take_while(|_| db.version() == version).for_each(|_| thread::yield_now());
            last = Some(rival);
            Ok(())
        })?;
        let took = began.elapsed();
        let last = last.expect("there is a fifth attempt").join().expect("a rival does not panic");
        Ok((last, attempt, took))
    })
}

#[test]
fn who_has_lost_four_times_goes_first() -> memorm::Result<()> {
    for _ in 0..20 {
        let db = database(16)?;
        let (rival, attempts, took) = lose_four_times(&db)?;
        // a machine that is slow has let the rival go on
        if took < Duration::from_millis(50) {
            assert_eq!(attempts, 5);
            assert!(rival.is_err_and(|error| error.is_conflict()), "it came second");
            assert_eq!(db.snapshot().get_one::<Row>(1)?.n, 401);
            return Ok(());
        }
    }
    panic!("no attempt in twenty was fast enough");
}

#[test]
fn a_closure_that_waits_for_what_another_thread_commits_comes_to_an_end() -> memorm::Result<()> {
    let db = database(6)?;
    let mut attempts = 0;
    let result = thread::scope(|scope| {
        db.transaction(|s| {
            attempts += 1;
            s.update::<Row>(1, |row| row.n += 1)?;
            rival(scope, &db).0.join().expect("a rival does not panic")
        })
    });
    assert!(result.is_err_and(|error| error.is_conflict()));
    assert_eq!(attempts, 6);
    assert_eq!(db.snapshot().get_one::<Row>(1)?.n, 600);
    Ok(())
}

#[test]
fn a_transaction_inside_of_one_that_goes_first_commits() -> memorm::Result<()> {
    let db = database(16)?;
    let mut attempts = 0;
    thread::scope(|scope| {
        db.transaction(|s| {
            attempts += 1;
            s.update::<Row>(1, |row| row.n += 1)?;
            if attempts < 5 {
                rival(scope, &db).0.join().expect("a rival does not panic")?;
            }
            db.transaction(|inner| inner.update::<Row>(2, |row| row.n += 1))
        })
    })?;
    assert_eq!(attempts, 5);
    assert_eq!(db.snapshot().get_one::<Row>(2)?.n, 5);
    Ok(())
}
