//! Async sessions under tokio and under a bare executor: the turn to commit, retries, cancellation.
use memorm::prelude::*;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(constructor = new)]
struct Account {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    name: String,
    balance: i64,
}

/// A bare executor: polls until ready.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(out) = future.as_mut().poll(&mut context) {
            return out;
        }
    }
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

async fn quick_start(db: &AsyncDatabase) -> memorm::Result<()> {
    let mut session = db.session().await;
    let account = session.add(Account::new("a", 10))?;
    session.flush().await?;
    assert!(db.snapshot().get::<Account>(account.id).is_none());
    session.commit().await?;
    let rows = session.all(select::<Account>()).await?;
    assert!(Arc::ptr_eq(&rows[0], &account));
    assert_eq!(session.one(select::<Account>().filter(Account::NAME.eq("a"))).await?.id, account.id);
    assert!(session.first(select::<Account>().filter(Account::NAME.eq("b"))).await?.is_none());
    assert_eq!(select::<Account>().count(&session)?, 1);
    let count = db
        .transaction(async |s| {
            s.add(Account::new("b", 20))?;
            s.flush().await?;
            Ok(s.all(select::<Account>()).await?.len())
        })
        .await?;
    assert_eq!(count, 2);
    session.rollback();
    session.update::<Account>(account.id, |a| a.balance += 1)?;
    session.rollback();
    assert_eq!(session.get_one::<Account>(account.id)?.balance, 10);
    Ok(())
}

#[test]
fn the_quick_start_runs_under_a_bare_executor() -> memorm::Result<()> {
    block_on(quick_start(&AsyncDatabase::new()))
}

#[tokio::test]
async fn the_quick_start_runs_under_tokio() -> memorm::Result<()> {
    quick_start(&AsyncDatabase::new()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_tasks_lose_no_update() -> memorm::Result<()> {
    let db = Arc::new(AsyncDatabase::from(Database::builder().attempts(10_000).build()));
    let id = db.transaction(async |s| Ok(s.add(Account::new("a", 0))?.id)).await?;
    let add_one = |db: Arc<AsyncDatabase>| async move {
        db.transaction(async move |s| s.update::<Account>(id, |a| a.balance += 1).map(|_| ())).await
    };
    let tasks: Vec<_> = (0..100).map(|_| tokio::spawn(add_one(db.clone()))).collect();
    for task in tasks {
        task.await.expect("no task panics")?;
    }
    assert_eq!(db.snapshot().get_one::<Account>(id)?.balance, 100);
    Ok(())
}

#[tokio::test]
async fn tasks_that_read_at_the_same_time_do_not_meet_at_every_attempt() -> memorm::Result<()> {
    let db = Arc::new(AsyncDatabase::new());
    let id = db.transaction(async |s| Ok(s.add(Account::new("a", 0))?.id)).await?;
    let add_one = |db: Arc<AsyncDatabase>| async move {
        let slowly = async move |s: &mut AsyncSession| {
            let before = s.get_one::<Account>(id)?.balance;
            tokio::task::yield_now().await;
            s.update::<Account>(id, |a| a.balance = before + 1).map(drop)
        };
        db.transaction(slowly).await
    };
    // more than there are attempts: if one won each time, the others would give up
    let tasks: Vec<_> = (0..60).map(|_| tokio::spawn(add_one(db.clone()))).collect();
    for task in tasks {
        task.await.expect("no task panics")?;
    }
    assert_eq!(db.snapshot().get_one::<Account>(id)?.balance, 60);
    Ok(())
}

/// Loses four times, then lets a rival come to its commit; what became of that, in which attempt, and how long that took.
async fn lose_four_times(db: &AsyncDatabase) -> memorm::Result<(memorm::Result<Version>, usize, Duration)> {
    let rival_may_come = tokio::sync::Notify::new();
    let (attempts, began) = (AtomicUsize::new(0), Mutex::new(Instant::now()));
    let transaction = db.transaction(async |s| {
        *began.lock().expect("no panic") = Instant::now();
        s.update::<Account>(1, |a| a.balance += 1)?;
        if attempts.fetch_add(1, Ordering::Relaxed) < 4 {
            return db
                .as_sync()
                .transaction(|rival| rival.update::<Account>(1, |a| a.balance += 100))
                .map(drop);
        }
        rival_may_come.notify_one();
        // room to overtake, for one who would not wait
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        // one of its own does not wait for it
        let mut inner = db.session().await;
        inner.add(Account::new(format!("{attempts:?}"), 0))?;
        inner.commit().await.map(drop)
    });
    let rival = async {
        rival_may_come.notified().await;
        let mut session = db.session().await;
        session.update::<Account>(1, |a| a.balance += 100)?;
        session.commit().await
    };
    let (won, lost) = tokio::join!(transaction, rival);
    won?;
    let took = began.lock().expect("no panic").elapsed();
    Ok((lost, attempts.into_inner(), took))
}

#[tokio::test]
async fn a_task_that_has_lost_four_times_goes_first() -> memorm::Result<()> {
    for _ in 0..20 {
        let db = AsyncDatabase::new();
        db.transaction(async |s| s.add(Account::new("a", 0))).await?;
        let (rival, attempts, took) = lose_four_times(&db).await?;
        // a machine that is slow has let the rival go on
        if took < Duration::from_millis(50) {
            assert_eq!(attempts, 5);
            assert!(rival.is_err_and(|error| error.is_conflict()), "it came second");
            assert_eq!(db.snapshot().get_one::<Account>(1)?.balance, 401);
            return Ok(());
        }
    }
    panic!("no attempt in twenty was fast enough");
}

#[test]
fn a_dropped_task_that_goes_first_makes_room() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    block_on(db.transaction(async |s| s.add(Account::new("a", 0))))?;
    let mut attempts = 0;
    {
        let mut hangs = pin!(db.transaction(async |s| {
            attempts += 1;
            s.update::<Account>(1, |a| a.balance += 1)?;
            if attempts < 5 {
                return db
                    .as_sync()
                    .transaction(|rival| rival.update::<Account>(1, |a| a.balance += 100))
                    .map(drop);
            }
            std::future::pending::<()>().await;
            Ok(())
        }));
        assert!((0..1_000).all(|_| poll_once(hangs.as_mut()).is_pending()));
    }
    assert_eq!(attempts, 5);
    let mut next = pin!(db.transaction(async |s| s.update::<Account>(1, |a| a.balance += 1)));
    assert!(poll_once(next.as_mut()).is_ready(), "nobody is in the way");
    Ok(())
}

/// Commits one account and notes when that was done.
async fn commit_one(db: &AsyncDatabase, name: &'static str, order: &Mutex<Vec<&'static str>>) {
    let mut session = db.session().await;
    session.add(Account::new(name, 0)).expect("the name is free");
    session.commit().await.expect("nobody writes the same row");
    order.lock().expect("no panic").push(name);
}

#[test]
fn contended_commits_are_served_in_order() {
    for round in 0..100 {
        let db = AsyncDatabase::new();
        let order = Mutex::new(Vec::new());
        let (mut a, mut b, mut c) = (
            pin!(commit_one(&db, "a", &order)),
            pin!(commit_one(&db, "b", &order)),
            pin!(commit_one(&db, "c", &order)),
        );
        std::thread::scope(|scope| {
            // while a long commit has the turn, the others ask for theirs
            scope.spawn(|| {
                block_on(async {
                    let mut session = db.session().await;
                    let rows = (0..20_000).map(|i| Account::new(format!("{round}/{i}"), i));
                    session.add_all(rows).expect("the names are free");
                    order.lock().expect("no panic").push("long");
                    session.commit().await.expect("nobody else has committed");
                })
            });
            while order.lock().expect("no panic").is_empty() {
                std::thread::yield_now();
            }
            let queued = poll_once(a.as_mut()).is_pending();
            let queued = poll_once(b.as_mut()).is_pending() && queued;
            let queued = poll_once(c.as_mut()).is_pending() && queued;
            // the last to ask is polled first, and still comes last
            let mut done = [false; 3];
            while queued && done != [true; 3] {
                done[2] = done[2] || poll_once(c.as_mut()).is_ready();
                done[1] = done[1] || poll_once(b.as_mut()).is_ready();
                done[0] = done[0] || poll_once(a.as_mut()).is_ready();
            }
        });
        let order = order.lock().expect("no panic").clone();
        if order.len() == 4 {
            assert_eq!(order, ["long", "a", "b", "c"]);
            return;
        }
    }
    panic!("in a hundred rounds no commit had to wait");
}

#[test]
fn a_dropped_transaction_rolls_back() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    let never = std::future::pending::<()>();
    {
        let mut never = Some(never);
        let mut transaction = pin!(db.transaction(async |s| {
            s.add(Account::new("a", 1))?;
            if let Some(never) = never.take() {
                never.await;
            }
            Ok(())
        }));
        assert!(poll_once(transaction.as_mut()).is_pending());
    }
    assert_eq!(select::<Account>().count(&db)?, 0);
    block_on(db.transaction(async |s| s.add(Account::new("b", 1)).map(|_| ())))?;
    assert_eq!(select::<Account>().count(&db)?, 1);
    Ok(())
}

#[test]
fn commit_inside_an_async_transaction_is_refused() {
    let db = AsyncDatabase::new();
    let result = block_on(db.transaction(async |s| {
        s.add(Account::new("a", 1))?;
        s.commit().await?;
        Ok(())
    }));
    assert!(matches!(result, Err(memorm::Error::InTransaction)));
    assert_eq!(select::<Account>().count(&db).expect("counts"), 0);
}

#[test]
fn an_error_of_the_closure_is_returned_once_and_undoes_its_work() {
    let db = AsyncDatabase::new();
    let runs = AtomicUsize::new(0);
    let result: memorm::Result<()> = block_on(db.transaction(async |s| {
        runs.fetch_add(1, Ordering::Relaxed);
        s.add(Account::new("a", 1))?;
        Err(memorm::Error::other("no"))
    }));
    assert_eq!(result.expect_err("fails").to_string(), "no");
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(select::<Account>().count(&db).expect("counts"), 0);
}

/// Counts how often a future asks to be polled again.
struct Wakes(AtomicUsize);
impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_long_query_yields_between_batches() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    let rows = (0..100_000).map(|i| Account::new(format!("{i}"), i));
    db.as_sync().transaction(|s| s.add_all(rows.clone()).map(|_| ()))?;
    let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = Waker::from(wakes.clone());
    for query in [select::<Account>(), select::<Account>().order_by(Account::BALANCE.desc())] {
        wakes.0.store(0, Ordering::Relaxed);
        let session = block_on(db.session());
        let mut future = pin!(session.all(query));
        let rows = loop {
            if let Poll::Ready(rows) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                break rows?;
            }
        };
        assert_eq!(rows.len(), 100_000);
        assert!(wakes.0.load(Ordering::Relaxed) >= 4, "yields");
    }
    Ok(())
}

fn is_send<F: Future + Send>(future: F) -> F {
    future
}

#[test]
fn futures_can_be_spawned() -> memorm::Result<()> {
    let db = Arc::new(AsyncDatabase::new());
    let (one, two) = (db.clone(), db.clone());
    block_on(is_send(async move {
        let mut session = one.session().await;
        session.add(Account::new("a", 1))?;
        session.commit().await?;
        session.all(select::<Account>()).await?;
        memorm::Result::Ok(())
    }))?;
    block_on(is_send(
        async move { two.transaction(async |s| s.add(Account::new("x", 1)).map(|_| ())).await },
    ))?;
    assert_eq!(select::<Account>().count(&db)?, 2);
    Ok(())
}
