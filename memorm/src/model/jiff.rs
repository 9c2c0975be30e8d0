//! Column types of [jiff]: `Timestamp`, `civil::Date`, `civil::DateTime`, `civil::Time`.
use super::field::fields;
use crate::value::{Cell, Value};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

const EPOCH: Date = Date::constant(1970, 1, 1);

fields! {
    Timestamp: Timestamp, Value, v => Value::Timestamp(v.as_nanosecond()),
        Cell::Other(Value::Timestamp(n)) => Timestamp::from_nanosecond(n).ok();
    Date: Date, Value, v => Value::Date(days(*v)), Cell::Other(Value::Date(d)) => EPOCH.checked_add(d.days()).ok();
    DateTime: DateTime, Value, v => Value::DateTime(nanoseconds(*v)),
        Cell::Other(Value::DateTime(n)) => since_epoch(n);
    Time: Time, Value, v => Value::Time(v.duration_since(Time::midnight()).as_nanos() as i64),
        Cell::Other(Value::Time(n)) => Time::midnight().checked_add(n.nanoseconds()).ok();
}

fn days(date: Date) -> i32 {
    (nanoseconds(date.to_datetime(Time::midnight())) / 86_400_000_000_000) as i32
}

fn nanoseconds(moment: DateTime) -> i128 {
    moment.duration_since(EPOCH.to_datetime(Time::midnight())).as_nanos()
}

fn since_epoch(nanoseconds: i128) -> Option<DateTime> {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let distance = SignedDuration::new(seconds, nanoseconds.rem_euclid(1_000_000_000) as i32);
    EPOCH.to_datetime(Time::midnight()).checked_add(distance).ok()
}

#[cfg(test)]
mod tests {
    use crate::model::Field;
    use jiff::civil::DateTime;

    #[test]
    fn the_ends_of_the_calendar_are_read_back() {
        for moment in [DateTime::MIN, DateTime::MAX] {
            assert_eq!(DateTime::from_value(&moment.to_value()), Some(moment));
        }
    }
}
