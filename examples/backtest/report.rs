//! The result of a run, as numbers and as text.
use crate::models::{Account, AccountId, Bar, Cents, Fill, Mark, Order, Status};
use crate::simulation::START;
use crate::what_if::Outcome;
use memorm::Result;
use memorm::prelude::*;
use std::fmt::Write;

/// Trading days in a year.
const YEAR: f64 = 252.0;

/// How one account fared.
struct Summary {
    equity: Cents,
    growth: f64,
    yearly_growth: f64,
    deepest_fall: f64,
    sharpe: f64,
    fills_per_year: f64,
    rejected: usize,
}

impl Summary {
    fn of(db: &Database, account: &Account) -> Result<Self> {
        let curve = curve(db, account.id)?;
        let years = curve.len() as f64 / YEAR;
        let equity = curve.last().copied().unwrap_or(START);
        let growth = equity as f64 / START as f64;
        let fills = select::<Fill>().filter(Fill::ACCOUNT_ID.eq(account.id)).count(db)?;
        let is_rejected = Order::ACCOUNT_ID.eq(account.id) & Order::STATUS.eq(Status::Rejected);
        Ok(Self {
            equity,
            growth: growth - 1.0,
            yearly_growth: growth.powf(1.0 / years) - 1.0,
            deepest_fall: falls(&curve).fold(0.0, f64::min),
            sharpe: sharpe(&curve),
            fills_per_year: fills as f64 / years,
            rejected: select::<Order>().filter(is_rejected).count(db)?,
        })
    }
}

/// What an account was worth at the close of each day.
pub fn curve(db: &Database, account_id: AccountId) -> Result<Vec<Cents>> {
    let marks = select::<Mark>().filter(Mark::ACCOUNT_ID.eq(account_id)).order_by(Mark::DAY);
    marks.select(Mark::CASH + Mark::SHARES).all(db)
}

/// How far each day's worth lies below the highest before: 0 or less.
pub fn falls(curve: &[Cents]) -> impl Iterator<Item = f64> {
    let mut highest = 0;
    curve.iter().map(move |worth| {
        highest = highest.max(*worth);
        *worth as f64 / highest as f64 - 1.0
    })
}

/// The mean of the daily returns over their standard deviation, as a yearly figure. Cash elsewhere would earn nothing.
fn sharpe(curve: &[Cents]) -> f64 {
    let returns: Vec<f64> = curve.windows(2).map(|pair| pair[1] as f64 / pair[0] as f64 - 1.0).collect();
    let mean = returns.iter().sum::<f64>() / returns.len() as f64;
    let variance = returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (returns.len() - 1) as f64;
    mean / variance.sqrt() * YEAR.sqrt()
}

/// Prints all accounts, and the first order of each kind of trouble.
pub fn text(db: &Database) -> Result<String> {
    let accounts = select::<Account>().all(db)?;
    let mut text = heading(db)?;
    let columns = ["final equity", "return", "a year", "max fall", "sharpe", "fills/year", "rejected"];
    row(&mut text, "account", columns.map(str::to_owned));
    for account in &accounts {
        let summary = Summary::of(db, account)?;
        let cells = [
            dollars(summary.equity),
            percent(summary.growth),
            percent(summary.yearly_growth),
            percent(summary.deepest_fall),
            format!("{:.2}", summary.sharpe),
            format!("{:.1}", summary.fills_per_year),
            summary.rejected.to_string(),
        ];
        row(&mut text, &account.name, cells);
    }
    text.push_str(&first_rejection(db)?);
    Ok(text)
}

fn heading(db: &Database) -> Result<String> {
    let bars = select::<Bar>().order_by(Bar::DAY);
    let dates = bars.select(Bar::DATE).all(db)?;
    let Some((first, last)) = dates.first().zip(dates.last()) else { return Ok(String::new()) };
    Ok(format!("{} days, {first} to {last}\n\n", dates.len()))
}

fn first_rejection(db: &Database) -> Result<String> {
    let rejected = select::<Order>().filter(Order::STATUS.eq(Status::Rejected)).first(db)?;
    let Some(order) = rejected else { return Ok(String::new()) };
    let reason = order.reason.as_deref().unwrap_or_default();
    let (qty, kind) = (order.qty, format!("{:?}", order.kind).to_lowercase());
    Ok(format!("\nfirst rejection: {kind} order for {qty} shares: {reason}\n"))
}

/// Prints how the accounts fared in all futures.
pub fn futures(db: &Database) -> Result<String> {
    let mut text = String::new();
    row(&mut text, "account", ["5 %", "25 %", "median", "75 %", "95 %", "mean", "losses"].map(str::to_owned));
    for account in select::<Account>().all(db)? {
        let outcomes = select::<Outcome>().filter(Outcome::ACCOUNT_ID.eq(account.id));
        let growth = Outcome::GROWTH;
        let (n, mean) = outcomes.aggregate((count(), growth.avg()), db)?;
        let losses = outcomes.clone().filter(growth.lt(1)).count(db)?;
        let low = (growth.quantile(0.05), growth.quantile(0.25), growth.median());
        let high = (growth.quantile(0.75), growth.quantile(0.95));
        let (q05, q25, q50) = outcomes.aggregate(low, db)?;
        let (q75, q95) = outcomes.aggregate(high, db)?;
        let [q05, q25, q50, q75, q95, mean] =
            [q05, q25, q50, q75, q95, mean].map(|growth| percent(growth.unwrap_or(1.0) - 1.0));
        row(&mut text, &account.name, [q05, q25, q50, q75, q95, mean, percent(losses as f64 / n as f64)]);
    }
    Ok(text)
}

fn row(text: &mut String, name: &str, cells: [String; 7]) {
    let _ = write!(text, "{name:14}");
    for cell in cells {
        let _ = write!(text, "{cell:>13}");
    }
    text.push('\n');
}

/// `1,234,567` for 123456700 cents.
pub fn dollars(cents: Cents) -> String {
    let digits = (cents / 100).to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.3 %` for 0.123.
pub fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}
