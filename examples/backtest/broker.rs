//! The broker: keeps orders until their price comes, and the books when it does.
//!
//! What a day's open, high, low and close say about an order that was placed at an earlier close:
//!
//! | order | is filled | at |
//! |---|---|---|
//! | market | always | the open |
//! | stop to sell (buy) | when the low (high) reaches the stop | the stop; the open where the day opens beyond it |
//! | limit to buy (sell) | when the low (high) reaches the limit | the limit; the open where the day opens better |
//!
//! Within a day, market orders come before stops and stops before limits, older ones first: where a day reaches both a
//! stop and a limit, the bars do not tell which came first, and the worse is assumed. An order is filled whole or not at
//! all. Each fill costs a fee. Shares cannot be sold short, money cannot be borrowed, and cash bears no interest.
use crate::models::{Account, Bar, Cents, Day, Fill, Kind, Mark, Order, Position, Side, Status};
use memorm::prelude::*;
use memorm::{Error, Result};

/// What the broker takes of the money that changes hands, in hundredths of a percent; spread and slippage included.
const FEE: i64 = 5;

/// Fills the open orders whose price has come on this day.
///
/// # Errors
/// Only what is wrong with the program: an order that cannot be paid is rejected, which is no error.
pub fn match_orders(s: &mut Session, bar: &Bar) -> Result<()> {
    let open = select::<Order>()
        .filter(Order::STATUS.eq(Status::Open) & Order::INSTRUMENT_ID.eq(bar.instrument_id))
        .order_by((Order::KIND, Order::ID))
        .all(s)?;
    for order in open {
        let Some(price) = fill_price(&order, bar) else { continue };
        match s.nested(|s| settle(s, &order, bar, price)) {
            Ok(()) => {}
            Err(refused) if refused.is_violation() => reject(s, &order, bar.day, &refused)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The price at which the day fills the order, if it does.
fn fill_price(order: &Order, bar: &Bar) -> Option<Cents> {
    let Some(price) = order.price else { return Some(bar.open) };
    // a stop to buy and a limit to sell wait for a rise, the two others for a fall
    let waits_for_rise = (order.kind == Kind::Stop) == (order.side == Side::Buy);
    if waits_for_rise {
        (bar.high >= price).then(|| price.max(bar.open))
    } else {
        (bar.low <= price).then(|| price.min(bar.open))
    }
}

/// Writes a trade into the books. The money comes last, so that an account that cannot pay shows what `nested` undoes.
fn settle(s: &mut Session, order: &Order, bar: &Bar, price: Cents) -> Result<()> {
    let qty = match order.side {
        Side::Buy => order.qty,
        Side::Sell => -order.qty,
    };
    let fee = fee(order.qty * price);
    s.add(Fill::new(order.id, order.account_id, bar.day, qty, price, fee))?;
    change_position(s, order, bar.day, qty)?;
    s.update::<Order>(order.id, |order| {
        order.status = Status::Filled;
        order.closed = Some(bar.day);
    })?;
    s.update::<Account>(order.account_id, |account| account.cash -= qty * price + fee)?;
    Ok(())
}

/// Adds shares to a position, or takes them away; without shares there is no position.
fn change_position(s: &mut Session, order: &Order, opened: Day, qty: i64) -> Result<()> {
    let (account_id, instrument_id) = (order.account_id, order.instrument_id);
    let change = Position { account_id, instrument_id, qty, opened };
    let position = s.upsert(change, |old, new| old.qty += new.qty)?;
    if position.qty == 0 {
        s.delete(&position)?;
    }
    Ok(())
}

fn reject(s: &mut Session, order: &Order, day: Day, refused: &Error) -> Result<()> {
    s.update::<Order>(order.id, |order| {
        order.status = Status::Rejected;
        order.closed = Some(day);
        order.reason = Some(refused.to_string());
    })?;
    Ok(())
}

/// Closes the orders whose last day this was.
pub fn expire_orders(s: &mut Session, day: Day) -> Result<()> {
    update::<Order>()
        .filter(Order::STATUS.eq(Status::Open) & Order::GOOD_UNTIL.le(day))
        .set(Order::STATUS, Status::Expired)
        .set(Order::CLOSED, day)
        .exec(s)?;
    Ok(())
}

/// Writes down what each account is worth at the close.
pub fn mark_to_market(s: &mut Session, accounts: &[Arc<Account>], bar: &Bar) -> Result<()> {
    for account in accounts {
        let qty = s.peek::<Position>((account.id, bar.instrument_id)).map_or(0, |position| position.qty);
        let (account_id, cash) = (account.id, account.cash);
        s.add(Mark { account_id, day: bar.day, cash, shares: qty * bar.close })?;
    }
    Ok(())
}

/// How many shares the money pays for at this price, the fee included.
pub fn affordable(cash: Cents, price: Cents) -> i64 {
    cash * 10_000 / (price * (10_000 + FEE))
}

/// The fee, rounded up to a cent.
fn fee(money: Cents) -> Cents {
    (money * FEE + 9_999) / 10_000
}
