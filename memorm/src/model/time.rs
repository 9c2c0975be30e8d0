//! Column types of [time]: `OffsetDateTime` (stored as the moment, read back in UTC), `Date`, `PrimitiveDateTime`,
//! `Time`.
use super::field::fields;
use crate::value::{Cell, Value};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

fields! {
    OffsetDateTime: Timestamp, Value, v => Value::Timestamp(v.unix_timestamp_nanos()),
        Cell::Other(Value::Timestamp(n)) => OffsetDateTime::from_unix_timestamp_nanos(n).ok();
    PrimitiveDateTime: DateTime, Value, v => Value::DateTime(v.assume_utc().unix_timestamp_nanos()),
        Cell::Other(Value::DateTime(n)) => OffsetDateTime::from_unix_timestamp_nanos(n).ok()
            .map(|m| PrimitiveDateTime::new(m.date(), m.time()));
    Date: Date, Value, v => Value::Date(v.to_julian_day() - EPOCH),
        Cell::Other(Value::Date(d)) => d.checked_add(EPOCH).and_then(|day| Date::from_julian_day(day).ok());
    Time: Time, Value, v => Value::Time(since_midnight(*v)), Cell::Other(Value::Time(n)) => at(n);
}

/// The Julian day of the epoch.
const EPOCH: i32 = 2_440_588;

fn since_midnight(time: Time) -> i64 {
    let (hour, minute, second, nano) = time.as_hms_nano();
    (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1_000_000_000 + i64::from(nano)
}

fn at(nanoseconds: i64) -> Option<Time> {
    let (seconds, nano) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    Time::from_hms_nano((seconds / 3600) as u8, (seconds / 60 % 60) as u8, (seconds % 60) as u8, nano as u32)
        .ok()
}
