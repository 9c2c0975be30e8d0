//! The run through time: one transaction a day.
//!
//! ```text
//!                  day t                                        day t + 1
//!   ──┬─────────────────────────────┬──────────┬────────────────────────────────► time
//!     open   high, low        close │          │ open …
//!                                   ▼          ▼
//!     orders of earlier days       the bar    orders placed at the close of t
//!     meet these prices            is added,  meet these prices
//!                                  accounts
//!                                  decide
//! ```
//!
//! No look-ahead, by construction: a day's bar is added when the day is over, so whatever a strategy asks the database, it
//! never holds tomorrow.
use crate::broker::{expire_orders, mark_to_market, match_orders};
use crate::models::{Account, Bar, Cents, Fill, Instrument, InstrumentId, Mark, Order, Strategy};
use crate::strategies::{WARM_UP, decide};
use memorm::Result;
use memorm::prelude::*;

/// What each account starts with: 100,000 dollars.
pub const START: Cents = 10_000_000;

/// Makes a database with an instrument and an account for each strategy, before the first day.
pub fn start() -> Result<(Database, InstrumentId)> {
    let db = Database::new();
    let instrument = db.transaction(|s| {
        s.add(Account::new("buy and hold", Strategy::Hold, START))?;
        s.add(Account::new("trend", Strategy::Trend, START))?;
        s.add(Account::new("dip", Strategy::Dip, START))?;
        s.add(Instrument::new("SPX"))
    })?;
    Ok((db, instrument.id))
}

/// Lives through one day: all of it happens, or nothing.
pub fn trade(db: &Database, bar: &Bar) -> Result<()> {
    db.transaction(|s| {
        s.add(bar.clone())?;
        if bar.day < WARM_UP {
            return Ok(());
        }
        match_orders(s, bar)?;
        expire_orders(s, bar.day)?;
        let accounts = select::<Account>().all(s)?;
        mark_to_market(s, &accounts, bar)?;
        decide(s, &accounts, bar)
    })
}

/// What [`trade`] asks the database on a day: open orders, orders to expire, accounts, three positions, four windows of
/// bars, and of each account the position and the open order.
const READS_PER_DAY: usize = 1 + 1 + 1 + 3 + 4 + 3 * 2;

/// How many statements and session calls have made these books: what was asked each day, and what was written. Rows with
/// a `version` column know how often they were.
pub fn operations(db: &Database) -> Result<usize> {
    let days = select::<Bar>().filter(Bar::DAY.ge(WARM_UP)).count(db)?;
    let added = select::<Bar>().count(db)? + select::<Mark>().count(db)? + select::<Fill>().count(db)?;
    let positions_changed = select::<Fill>().count(db)?;
    let orders: i128 = select::<Order>().aggregate(Order::REVISION.sum(), db)?.unwrap_or(0);
    let accounts: i128 = select::<Account>().aggregate(Account::REVISION.sum(), db)?.unwrap_or(0);
    Ok(days * READS_PER_DAY + added + positions_changed + (orders + accounts) as usize)
}
