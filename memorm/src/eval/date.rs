//! Parts of a timestamp, in UTC, and of dates and times.
use super::lanes::{Marks, View, pack};
use crate::expr::DatePart;
use crate::value::{Cell, Value, Vector};

const HOUR: i128 = 3_600_000_000_000;
const DAY: i128 = 24 * HOUR;

/// A part of each value.
pub(super) fn part<'a>(part: DatePart, moment: View<'_, '_>, len: usize) -> Vector<'a> {
    let marks = Marks::strict(&[moment], len);
    let parts = (0..len).map(|i| match moment.value(i).and_then(nanoseconds) {
        Some(nanoseconds) => take(part, nanoseconds),
        None => match moment.cell(i) {
            Cell::Other(value) => nanoseconds(&value).map_or(Value::Null, |at| take(part, at)),
            _ => Value::Null,
        },
    });
    let cells = pack(parts.collect()).cells;
    marks.vector(cells)
}

/// A moment, a day's beginning, or a time of the first day, since the epoch.
fn nanoseconds(value: &Value) -> Option<i128> {
    match *value {
        Value::Timestamp(nanoseconds) | Value::DateTime(nanoseconds) => Some(nanoseconds),
        Value::Date(days) => Some(i128::from(days) * DAY),
        Value::Time(nanoseconds) => Some(i128::from(nanoseconds)),
        _ => None,
    }
}

fn take(part: DatePart, nanoseconds: i128) -> Value {
    let day = nanoseconds.div_euclid(DAY);
    let (year, month, day_of_month) = civil(day);
    Value::Int(match part {
        DatePart::Date => return Value::Date(day as i32),
        DatePart::Year => year,
        DatePart::Month => month,
        DatePart::Day => day_of_month,
        DatePart::Hour => (nanoseconds.rem_euclid(DAY) / HOUR) as i64,
    })
}

/// Year, month and day of a day since the epoch.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(day: i128) -> (i64, i64, i64) {
    let z = day as i64 + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}
