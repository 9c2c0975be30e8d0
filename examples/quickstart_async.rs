//! The quick start in async: sessions whose commit is awaited, on any runtime. Here on tokio.
//!
//! ```text
//! cargo run -p memorm --features async --example quickstart_async
//! ```
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "accounts", constructor = new, check = is_covered)]
struct Account {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    owner: String,
    cents: i64,
}

fn is_covered(account: &Account) -> Result<(), &'static str> {
    if account.cents < 0 { Err("not covered") } else { Ok(()) }
}

/// Moves money. Both updates are published together, or neither is.
async fn transfer(db: &AsyncDatabase, from: u64, to: u64, cents: i64) -> memorm::Result<()> {
    db.transaction(async move |session| {
        session.update::<Account>(from, |account| account.cents -= cents)?;
        session.update::<Account>(to, |account| account.cents += cents)?;
        Ok(())
    })
    .await
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> memorm::Result<()> {
    // Reading and writing rows does not wait, so it is called as on a plain session. Only a commit is awaited.
    let db = Arc::new(AsyncDatabase::from(Database::builder().attempts(1_000).build()));
    let mut session = db.session().await;
    let ada = session.add(Account::new("ada", 10_000))?;
    let bob = session.add(Account::new("bob", 0))?;
    session.commit().await?;

    let rows = session.all(select::<Account>()).await?;
    assert!(Arc::ptr_eq(&rows[0], &ada));

    // A hundred tasks at once. A transaction that meets another one's change runs again; none is lost.
    let (from, to) = (ada.id, bob.id);
    let one_transfer = |db: Arc<AsyncDatabase>| async move { transfer(&db, from, to, 50).await };
    let tasks: Vec<_> = (0..100).map(|_| tokio::spawn(one_transfer(db.clone()))).collect();
    for task in tasks {
        task.await.map_err(memorm::Error::other)??;
    }
    let balances: Vec<(String, i64)> =
        select::<Account>().select((Account::OWNER, Account::CENTS)).all(&db)?;
    println!("{balances:?}");
    assert_eq!(balances, [("ada".to_owned(), 5_000), ("bob".to_owned(), 5_000)]);

    // What is not covered is refused, and nothing of it is seen.
    let refused = transfer(&db, from, to, 6_000).await;
    assert!(refused.is_err_and(|error| error.is_violation()));
    assert_eq!(db.snapshot().get_one::<Account>(from)?.cents, 5_000);

    // A transaction whose future is dropped has published nothing.
    let cancelled = db.transaction(async |session| {
        session.add(Account::new("eve", 1))?;
        std::future::pending::<memorm::Result<()>>().await
    });
    assert!(tokio::time::timeout(std::time::Duration::from_millis(5), cancelled).await.is_err());
    assert_eq!(select::<Account>().count(&db)?, 2);
    println!("done: {:?}", db.snapshot().version());
    Ok(())
}
