//! The days that come in, one after the other: from a file here, from the past in random order in `what_if`.
use crate::calendar::Date;
use crate::models::{Bar, Cents, Day, InstrumentId};
use memorm::{Error, Result};

/// The S&P 500 index, one line a day.
const CSV: &str = include_str!("../data/sp500-2000.csv");

/// Reads `date,open,high,low,close,adjclose,volume`.
///
/// # Errors
/// A line that is not like that.
pub fn bars(instrument_id: InstrumentId) -> Result<Vec<Bar>> {
    let lines = CSV.lines().skip(1).zip(1..);
    lines.map(|(line, day)| bar(instrument_id, day, line).ok_or_else(|| unreadable(line))).collect()
}

fn bar(instrument_id: InstrumentId, day: Day, line: &str) -> Option<Bar> {
    let mut fields = line.split(',');
    let date = Date::parse(fields.next()?)?;
    let mut price = || fields.next().and_then(cents);
    let (open, high, low, close) = (price()?, price()?, price()?, price()?);
    Some(Bar { instrument_id, day, date, open, high, low, close })
}

/// The price of a share of a fund on the index, which costs a tenth of the points in dollars, as such funds do.
fn cents(points: &str) -> Option<Cents> {
    Some((points.parse::<f64>().ok()? * 10.0).round() as Cents)
}

fn unreadable(line: &str) -> Error {
    Error::other(format!("not a line of prices: {line}"))
}
