//! The strategies: each looks at the prices up to today's close and at its own account, and places orders for tomorrow.
//!
//! | strategy | enters | leaves |
//! |---|---|---|
//! | hold | at once, at the market | never |
//! | trend | 50-day average above the 200-day average, close the highest of 20 days: at the market | stop order at the lowest price of 50 days, raised every day |
//! | dip | close above the 200-day and below the 10-day average: limit order one percent below the close | close above the 10-day average, or ten days later: at the market |
//!
//! An entry is good for one day and takes all the money that there is: a market order as many shares as the close would
//! pay for. Where the next day opens above that, it costs more than the account has, and is rejected.
//!
//! All that a strategy remembers stands in the database. So a fork knows what the original knew, and nothing of what
//! came after.
use crate::broker::affordable;
use crate::models::{Account, Bar, Cents, Day, Kind, Order, Position, Side, Status, Strategy};
use memorm::Result;
use memorm::prelude::*;

/// So many days are needed for the longest average: nobody trades before.
pub const WARM_UP: Day = 200;

/// After so many days the dip buyer gives up.
const PATIENCE: Day = 10;

/// What the strategies know of the past.
struct Signals {
    average_10: f64,
    average_50: f64,
    average_200: f64,
    highest_close_20: Cents,
    lowest_50: Cents,
}

impl Signals {
    fn read(s: &Session, today: &Bar) -> Result<Self> {
        let last = |days: Day| {
            let since = Bar::DAY.gt(today.day - days);
            select::<Bar>().filter(Bar::INSTRUMENT_ID.eq(today.instrument_id) & since)
        };
        let average_10 = last(10).aggregate(Bar::CLOSE.avg(), s)?;
        let highest_close_20 = last(20).aggregate(Bar::CLOSE.max(), s)?;
        let (average_50, lowest_50) = last(50).aggregate((Bar::CLOSE.avg(), Bar::LOW.min()), s)?;
        let average_200 = last(200).aggregate(Bar::CLOSE.avg(), s)?;
        // an aggregate of no rows is `None`, but today's bar is there
        Ok(Self {
            average_10: average_10.unwrap_or_default(),
            average_50: average_50.unwrap_or_default(),
            average_200: average_200.unwrap_or_default(),
            highest_close_20: highest_close_20.unwrap_or_default(),
            lowest_50: lowest_50.unwrap_or_default(),
        })
    }
}

/// Lets every account decide what to do tomorrow.
pub fn decide(s: &mut Session, accounts: &[Arc<Account>], today: &Bar) -> Result<()> {
    let signals = Signals::read(s, today)?;
    for account in accounts {
        let desk = Desk::open(s, account, today)?;
        match account.strategy {
            Strategy::Hold => hold(s, &desk)?,
            Strategy::Trend => trend(s, &desk, &signals)?,
            Strategy::Dip => dip(s, &desk, &signals)?,
        }
    }
    Ok(())
}

fn hold(s: &mut Session, desk: &Desk<'_>) -> Result<()> {
    match desk.position {
        None => desk.buy(s, Kind::Market, desk.today.close),
        Some(_) => Ok(()),
    }
}

fn trend(s: &mut Session, desk: &Desk<'_>, signals: &Signals) -> Result<()> {
    match &desk.position {
        None => {
            let is_rising = signals.average_50 > signals.average_200;
            let is_high = desk.today.close == signals.highest_close_20;
            if is_rising && is_high { desk.buy(s, Kind::Market, desk.today.close) } else { Ok(()) }
        }
        Some(position) => match &desk.open_order {
            None => desk.sell(s, position, Kind::Stop, signals.lowest_50),
            Some(stop) => raise(s, stop, signals.lowest_50),
        },
    }
}

/// A stop follows the price, but only upwards.
fn raise(s: &mut Session, stop: &Order, price: Cents) -> Result<()> {
    if stop.price < Some(price) {
        s.update::<Order>(stop.id, |stop| stop.price = Some(price))?;
    }
    Ok(())
}

fn dip(s: &mut Session, desk: &Desk<'_>, signals: &Signals) -> Result<()> {
    let close = desk.today.close as f64;
    match &desk.position {
        None if close > signals.average_200 && close < signals.average_10 => {
            desk.buy(s, Kind::Limit, desk.today.close * 99 / 100)
        }
        None => Ok(()),
        Some(position) => {
            let is_overdue = desk.today.day >= position.opened + PATIENCE;
            if close > signals.average_10 || is_overdue {
                desk.sell(s, position, Kind::Market, desk.today.close)
            } else {
                Ok(())
            }
        }
    }
}

/// An account at the close of a day, with what it owns and what it has asked for.
struct Desk<'a> {
    account: &'a Account,
    today: &'a Bar,
    position: Option<Arc<Position>>,
    open_order: Option<Arc<Order>>,
}

impl<'a> Desk<'a> {
    fn open(s: &Session, account: &'a Account, today: &'a Bar) -> Result<Self> {
        let position = s.get::<Position>((account.id, today.instrument_id));
        let open_order = select::<Order>()
            .filter(Order::STATUS.eq(Status::Open) & Order::ACCOUNT_ID.eq(account.id))
            .one_or_none(s)?;
        Ok(Self { account, today, position, open_order })
    }

    /// Buys for all the money there is, tomorrow.
    fn buy(&self, s: &mut Session, kind: Kind, price: Cents) -> Result<()> {
        let qty = affordable(self.account.cash, price);
        if qty == 0 {
            return Ok(());
        }
        let good_until = Some(self.today.day + 1);
        self.place(s, Order { good_until, ..self.order(Side::Buy, kind, price, qty) })
    }

    /// Sells all, as soon as the price comes.
    fn sell(&self, s: &mut Session, position: &Position, kind: Kind, price: Cents) -> Result<()> {
        self.place(s, self.order(Side::Sell, kind, price, position.qty))
    }

    fn order(&self, side: Side, kind: Kind, price: Cents, qty: i64) -> Order {
        let price = (kind != Kind::Market).then_some(price);
        let order = Order::new(self.account.id, self.today.instrument_id, side, kind, qty, self.today.day);
        Order { price, ..order }
    }

    fn place(&self, s: &mut Session, order: Order) -> Result<()> {
        s.add(order)?;
        Ok(())
    }
}
