//! A bank: money moves on four threads at once, and none is ever lost, made or spent twice.
//!
//! ```text
//! cargo run --release -p memorm --example bank
//! ```
//!
//! The first half shows what needs no thought: each transfer is a transaction, an auditor adds up whole versions while
//! they run, and who is too late runs again. The second half shows what does: a rule that spans two rows, which Snapshot
//! lets slip and Serializable keeps.
//!
//! What goes to the standard output is the same on every run; what depends on timing goes to the standard error.
use memorm::prelude::*;
use memorm::{Error, Result};
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "accounts", check = is_covered)]
struct Account {
    #[model(primary_key)]
    id: u32,
    cents: i64,
}

/// A rule about one row is declared: every write has to pass it.
fn is_covered(account: &Account) -> Result<(), &'static str> {
    if account.cents < 0 { Err("the account is not covered") } else { Ok(()) }
}

/// The ledger: what was moved.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "transfers")]
struct Transfer {
    #[model(primary_key)]
    teller: u32,
    #[model(primary_key)]
    number: u32,
    #[model(references(Account, name = PAYER))]
    payer_id: u32,
    #[model(references(Account, name = PAYEE))]
    payee_id: u32,
    cents: i64,
}

/// An account of a household, which may be overdrawn as long as the household is not.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "pots")]
struct Pot {
    #[model(primary_key)]
    id: u32,
    #[model(index)]
    household: u32,
    cents: i64,
}

const ACCOUNTS: u32 = 12;
const START: i64 = 100_000;
const TELLERS: u32 = 4;
/// Of each teller.
const TRANSFERS: u32 = 2_000;

fn main() -> Result<()> {
    let four = work(TELLERS)?;
    let one = work(1)?;
    // nobody was ever short of money, so the order of the transfers does not matter
    assert_eq!(ledger(&four)?, ledger(&one)?);
    assert_eq!(balances(&four)?, balances(&one)?, "four threads end where one does");
    overdraw(&four)?;
    come_too_late(&four)?;
    write_skew()
}

/// Does the work of all tellers, on so many threads, under the eyes of an auditor.
fn work(threads: u32) -> Result<Database> {
    let db = Database::builder().attempts(1_000).build();
    db.transaction(|s| s.add_all((0..ACCOUNTS).map(|id| Account { id, cents: START })))?;
    let richest = db.live(select::<Account>().order_by((Account::CENTS.desc(), Account::ID)).limit(3));
    let (is_open, doors) = (AtomicBool::new(true), Barrier::new(threads as usize + 1));

    let audits = thread::scope(|scope| -> Result<usize> {
        let auditor = scope.spawn(|| -> Result<usize> {
            let (mut audits, mut last) = (0, db.version());
            doors.wait();
            while is_open.load(Ordering::Acquire) {
                let bank = db.snapshot();
                audit(&bank)?;
                audits += usize::from(bank.version() > last);
                last = bank.version();
            }
            Ok(audits)
        });
        let teller = |first: u32| {
            let (db, doors) = (&db, &doors);
            scope.spawn(move || -> Result<()> {
                doors.wait();
                (first..TELLERS).step_by(threads as usize).try_for_each(|teller| serve(db, teller))
            })
        };
        let tellers: Vec<_> = (0..threads).map(teller).collect();
        let served: Vec<Result<()>> = tellers
            .into_iter()
            .map(|teller| teller.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect();
        is_open.store(false, Ordering::Release);
        let audits = auditor.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        served.into_iter().collect::<Result<()>>()?;
        Ok(audits)
    })?;

    audit(&db.snapshot())?;
    db.assert_consistent();
    let again = select::<Account>().order_by((Account::CENTS.desc(), Account::ID)).limit(3).all(&db)?;
    assert!(richest.is_incremental());
    assert_eq!(richest.rows(), again, "a live result is the query run again");
    println!("{} transfers on {threads} threads; the richest:", select::<Transfer>().count(&db)?);
    for account in richest.rows() {
        println!("  account {:2} {:>10.2}", account.id, account.cents as f64 / 100.0);
    }
    eprintln!(
        "{threads} threads: {audits} versions audited meanwhile, {} commits ran again",
        db.stats().conflicts
    );
    Ok(db)
}

/// One teller's day. A closure that meets a conflict runs again on the newest version: it must read what it needs inside.
fn serve(db: &Database, teller: u32) -> Result<()> {
    for number in 0..TRANSFERS {
        let dice = teller * 7_919 + number * 104_729;
        let (payer_id, payee_id) = (dice % ACCOUNTS, (dice + 1 + dice / 97 % (ACCOUNTS - 1)) % ACCOUNTS);
        let transfer = Transfer { teller, number, payer_id, payee_id, cents: i64::from(dice % 10) + 1 };
        db.transaction(|session| pay(session, &transfer))?;
    }
    Ok(())
}

fn pay(session: &mut Session, transfer: &Transfer) -> Result<()> {
    session.update::<Account>(transfer.payer_id, |account| account.cents -= transfer.cents)?;
    if transfer.number.is_multiple_of(8) {
        thread::yield_now(); // others may come in between: here the money is nowhere, and nobody sees it
    }
    session.update::<Account>(transfer.payee_id, |account| account.cents += transfer.cents)?;
    session.add(transfer.clone()).map(drop)
}

/// Adds up one version: no money came or went, and the ledger explains each account. A snapshot stops nobody.
fn audit(bank: &Snapshot) -> Result<()> {
    let total = select::<Account>().aggregate(Account::CENTS.sum(), bank)?;
    assert_eq!(total, Some(i128::from(ACCOUNTS) * i128::from(START)));

    let mut expected = vec![i128::from(START); ACCOUNTS as usize];
    let sum = Transfer::CENTS.sum();
    for (payer, paid) in select::<Transfer>().group_by(Transfer::PAYER_ID).aggregate(sum.clone()).all(bank)? {
        expected[payer as usize] -= paid.unwrap_or(0);
    }
    for (payee, got) in select::<Transfer>().group_by(Transfer::PAYEE_ID).aggregate(sum).all(bank)? {
        expected[payee as usize] += got.unwrap_or(0);
    }
    let cents = select::<Account>().order_by(Account::ID).select(Account::CENTS).all(bank)?;
    assert_eq!(cents.into_iter().map(i128::from).collect::<Vec<_>>(), expected);
    Ok(())
}

fn balances(db: &Database) -> Result<Vec<(u32, i64)>> {
    select::<Account>().order_by(Account::ID).select((Account::ID, Account::CENTS)).all(db)
}

fn ledger(db: &Database) -> Result<Vec<Arc<Transfer>>> {
    select::<Transfer>().order_by((Transfer::TELLER, Transfer::NUMBER)).all(db)
}

/// More than there is: the check refuses the payer's row, and the transaction as a whole leaves no trace.
fn overdraw(db: &Database) -> Result<()> {
    let before = db.state_hash();
    let payee_first = db.transaction(|session| {
        session.update::<Account>(1, |account| account.cents += 10 * START)?;
        session.update::<Account>(0, |account| account.cents -= 10 * START)
    });
    let error = payee_first.err().ok_or_else(|| Error::other("nobody has that much"))?;
    println!("refused: {error}");
    assert!(error.is_violation() && db.state_hash() == before);
    Ok(())
}

/// Two sessions change one row: the first to commit wins, and the other is told.
fn come_too_late(db: &Database) -> Result<()> {
    let (mut one, mut two) = (db.session(), db.session());
    for session in [&mut one, &mut two] {
        session.update::<Account>(3, |account| account.cents += 1)?;
    }
    one.commit()?;
    let error = two.commit().err().ok_or_else(|| Error::other("an update was lost"))?;
    println!("too late: {error}");
    assert!(error.is_conflict());
    Ok(())
}

/// Two withdrawals at once, each from another pot of one household, each fine by itself.
fn write_skew() -> Result<()> {
    let (left, error) = withdraw_twice(Isolation::Snapshot)?;
    println!("write skew at Snapshot: both commit, the household has {left} left");
    assert!(left == -60 && error.is_none(), "different rows: no conflict, and the rule is broken");

    let (left, error) = withdraw_twice(Isolation::Serializable)?;
    let error = error.ok_or_else(|| Error::other("write skew went through"))?;
    println!("at Serializable: {left} left; {error}");
    assert!(left == 20 && error.is_conflict());
    Ok(())
}

/// What a household with 50 and 50 has after two withdrawals of 80, and what the second one met.
fn withdraw_twice(isolation: Isolation) -> Result<(i128, Option<Error>)> {
    let db = Database::builder().isolation(isolation).build();
    db.transaction(|s| s.add_all([1, 2].map(|id| Pot { id, household: 7, cents: 50 })))?;

    let (mut one, mut two) = (db.session(), db.session());
    withdraw(&mut one, 1, 80)?;
    withdraw(&mut two, 2, 80)?; // sees 50 and 50 as well
    one.commit()?;
    let second = two.commit().err();

    if second.is_some() {
        // what `transaction` does by itself: again, on what is there now
        let again = db.transaction(|session| withdraw(session, 2, 80));
        assert_eq!(again.err().map(|error| error.to_string()).as_deref(), Some("the household has only 20"));
    }
    Ok((household(&db, 7)?, second))
}

/// The rule in code: a household may not go below zero.
fn withdraw(session: &mut Session, pot: u32, cents: i64) -> Result<()> {
    let household_id = session.get_one::<Pot>(pot)?.household;
    let total = household(&*session, household_id)?;
    if total < i128::from(cents) {
        return Err(Error::other(format!("the household has only {total}")));
    }
    session.update::<Pot>(pot, |pot| pot.cents -= cents).map(drop)
}

fn household(source: &impl memorm::session::Source, id: u32) -> Result<i128> {
    let cents = select::<Pot>().filter(Pot::HOUSEHOLD.eq(id)).aggregate(Pot::CENTS.sum(), source)?;
    Ok(cents.unwrap_or(0))
}
