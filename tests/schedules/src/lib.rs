//! What the checkers' programs have in common: accounts, and looking at them.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "accounts")]
pub struct Account {
    #[model(primary_key)]
    pub id: u64,
    pub balance: i64,
}

/// A database with accounts 1, 2 .. of these balances.
pub fn accounts(balances: &[i64]) -> Arc<Database> {
    filled(Database::new(), balances)
}

pub fn filled(db: Database, balances: &[i64]) -> Arc<Database> {
    let rows = (1..).zip(balances).map(|(id, balance)| Account { id, balance: *balance });
    db.transaction(|s| s.add_all(rows.clone())).expect("the keys differ");
    Arc::new(db)
}

pub fn balances(snapshot: &Snapshot) -> Vec<i64> {
    select::<Account>().select(Account::BALANCE).all(snapshot).expect("they are plain")
}
