//! Column types of [chrono]: `DateTime<Utc>`, `NaiveDate`, `NaiveDateTime`, `NaiveTime`.
use super::field::fields;
use crate::value::{Cell, Value};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

/// Days from the first of January of the year 1 to the epoch.
const EPOCH: i32 = 719_163;

fields! {
    DateTime<Utc>: Timestamp, Value, v => Value::Timestamp(nanoseconds(v.naive_utc())),
        Cell::Other(Value::Timestamp(n)) => moment(n);
    NaiveDateTime: DateTime, Value, v => Value::DateTime(nanoseconds(*v)),
        Cell::Other(Value::DateTime(n)) => moment(n).map(|m| m.naive_utc());
    NaiveDate: Date, Value, v => Value::Date(v.num_days_from_ce() - EPOCH),
        Cell::Other(Value::Date(d)) => d.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt);
    NaiveTime: Time, Value,
        v => Value::Time(i64::from(v.num_seconds_from_midnight()) * 1_000_000_000 + i64::from(v.nanosecond())),
        Cell::Other(Value::Time(n)) => time_of_day(n);
}

fn nanoseconds(moment: NaiveDateTime) -> i128 {
    let moment = moment.and_utc();
    i128::from(moment.timestamp()) * 1_000_000_000 + i128::from(moment.timestamp_subsec_nanos())
}

fn moment(nanoseconds: i128) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, nanoseconds.rem_euclid(1_000_000_000) as u32)
}

/// Past midnight is the leap second of the day's end.
fn time_of_day(nanoseconds: i64) -> Option<NaiveTime> {
    let seconds = (nanoseconds / 1_000_000_000).min(86_399);
    let rest = nanoseconds - seconds * 1_000_000_000;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds.try_into().ok()?, rest.try_into().ok()?)
}
