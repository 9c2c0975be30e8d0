//! The tables: what a broker's books hold.
//!
//! ```text
//!   Instrument ◄── Bar        a day's prices, added when the day is over
//!      ▲  ▲
//!      │  └────── Order ◄── Fill          an order is filled at most once, and whole
//!      │            │         │
//!   Position ──► Account ◄────┴── Mark    an account's worth at the end of a day
//! ```
//!
//! Money is in whole cents, so that the books add up to the cent and a sum is the same in any order.
use crate::calendar::Date;
use memorm::prelude::*;

/// Money and prices, in cents.
pub type Cents = i64;

/// A trading day: bars are numbered from 1.
pub type Day = u32;

/// The key of an [`Instrument`].
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentId(pub u32);

/// The key of an [`Account`].
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountId(pub u32);

/// The key of an [`Order`].
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderId(pub u64);

/// What can be traded.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "instruments", constructor = new)]
pub struct Instrument {
    /// Assigned.
    #[model(primary_key, auto)]
    pub id: InstrumentId,
    /// How it is called on the exchange.
    #[model(unique)]
    pub symbol: String,
}

/// A day's prices. The compound index finds the last so many days of an instrument.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "bars", index(instrument_id, day), check = is_within_range)]
pub struct Bar {
    /// What was traded.
    #[model(primary_key, references(Instrument))]
    pub instrument_id: InstrumentId,
    /// Which day, counted from 1.
    #[model(primary_key)]
    pub day: Day,
    /// The same day in the calendar.
    pub date: Date,
    /// The first price.
    pub open: Cents,
    /// The highest price.
    pub high: Cents,
    /// The lowest price.
    pub low: Cents,
    /// The last price.
    pub close: Cents,
}

fn is_within_range(bar: &Bar) -> Result<(), &'static str> {
    let is_within = |price| (bar.low..=bar.high).contains(&price);
    if is_within(bar.open) && is_within(bar.close) {
        Ok(())
    } else {
        Err("a price lies outside of low..=high")
    }
}

/// How an account is managed; see [`strategies`](crate::strategies).
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Buys once and waits.
    Hold,
    /// Follows the trend.
    Trend,
    /// Buys the dips.
    Dip,
}

/// A strategy and its money. No write gets past the check: what cannot be paid is not bought.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "accounts", constructor = new, check = is_solvent)]
pub struct Account {
    /// Assigned.
    #[model(primary_key, auto)]
    pub id: AccountId,
    /// How it is called in reports.
    #[model(unique)]
    pub name: String,
    /// Who decides.
    pub strategy: Strategy,
    /// What is not invested.
    pub cash: Cents,
    /// How often the row was written.
    #[model(version)]
    pub revision: u64,
}

fn is_solvent(account: &Account) -> Result<(), String> {
    if account.cash < 0 { Err(format!("{} cents are missing", -account.cash)) } else { Ok(()) }
}

/// To buy or to sell.
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Cash becomes shares.
    Buy,
    /// Shares become cash.
    Sell,
}

/// When an order may be filled. Enums sort in the order in which they are declared, and the broker matches in that order.
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At the next open.
    Market,
    /// When the price gets as bad as this.
    Stop,
    /// When the price gets as good as this.
    Limit,
}

/// What has become of an order.
#[derive(Field, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for its price.
    Open,
    /// Done, all of it.
    Filled,
    /// Its price came, but the account could not pay.
    Rejected,
    /// Its last day is over.
    Expired,
}

/// An instruction to the broker.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "orders", constructor = new, check = is_complete)]
pub struct Order {
    /// Assigned; earlier orders have smaller numbers.
    #[model(primary_key, auto)]
    pub id: OrderId,
    /// Whose order it is.
    #[model(references(Account))]
    pub account_id: AccountId,
    /// What is to be traded.
    #[model(references(Instrument))]
    pub instrument_id: InstrumentId,
    /// To buy or to sell.
    pub side: Side,
    /// When it may be filled.
    pub kind: Kind,
    /// How many shares.
    pub qty: i64,
    /// At the close of which day it was placed: it may be filled from the next day on.
    pub placed: Day,
    /// The limit or the stop.
    pub price: Option<Cents>,
    /// Its last day, if it has one.
    pub good_until: Option<Day>,
    /// What has become of it.
    #[model(index, default = Status::Open)]
    pub status: Status,
    /// When it ceased to be open.
    pub closed: Option<Day>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// How often the row was written.
    #[model(version)]
    pub revision: u64,
}

fn is_complete(order: &Order) -> Result<(), &'static str> {
    match (order.kind, order.price) {
        _ if order.qty <= 0 => Err("an order is for one share at least"),
        (Kind::Market, Some(_)) => Err("a market order has no price"),
        (Kind::Stop | Kind::Limit, None) => Err("a limit or stop order needs a price"),
        _ => Ok(()),
    }
}

/// An order that was carried out.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "fills", constructor = new)]
pub struct Fill {
    /// Assigned.
    #[model(primary_key, auto)]
    pub id: u64,
    /// The order. There is one fill of it, and no more.
    #[model(unique, references(Order))]
    pub order_id: OrderId,
    /// Whose order it was.
    #[model(references(Account))]
    pub account_id: AccountId,
    /// When.
    pub day: Day,
    /// Shares: bought if positive, sold if negative.
    pub qty: i64,
    /// Of one share.
    pub price: Cents,
    /// What the broker takes.
    pub fee: Cents,
}

/// The shares that an account owns; no row where it owns none. Nothing can be sold that is not there.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "positions", check = is_not_short)]
pub struct Position {
    /// Whose they are.
    #[model(primary_key, references(Account))]
    pub account_id: AccountId,
    /// What they are shares of.
    #[model(primary_key, references(Instrument))]
    pub instrument_id: InstrumentId,
    /// How many.
    pub qty: i64,
    /// Since when.
    pub opened: Day,
}

fn is_not_short(position: &Position) -> Result<(), &'static str> {
    if position.qty < 0 { Err("more was sold than was there") } else { Ok(()) }
}

/// What an account is worth at the close of a day.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "marks")]
pub struct Mark {
    /// Whose worth it is.
    #[model(primary_key, references(Account))]
    pub account_id: AccountId,
    /// When.
    #[model(primary_key)]
    pub day: Day,
    /// What is not invested.
    pub cash: Cents,
    /// What the shares would bring at the close.
    pub shares: Cents,
}
