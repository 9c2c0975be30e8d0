//! Parts of timestamps.
#[cfg(feature = "jiff")]
#[test]
fn the_parts_of_a_timestamp_are_utc() {
    use super::{compute, found};
    use crate::expr::Expression;
    use crate::value::Value;
    use memorm::prelude::*;

    #[derive(Model, Clone)]
    struct Event {
        #[model(primary_key)]
        id: u32,
        at: Timestamp,
        ended: Option<Timestamp>,
    }
    let texts = [
        "2024-02-29T23:59:59.999Z",
        "1969-12-31T23:00:00Z",
        "1970-01-01T00:00:00Z",
        "2000-03-01T12:30:00Z",
        "-000044-03-15T06:00:00Z",
    ];
    let rows = texts.map(|text| Event { id: 0, at: text.parse().expect("a timestamp"), ended: None });
    let ints = |i: [i64; 5]| i.map(|i| Ok(Value::Int(i)));
    assert_eq!(compute(Event::AT.year(), &rows), ints([2024, 1969, 1970, 2000, -44]));
    assert_eq!(compute(Event::AT.month(), &rows), ints([2, 12, 1, 3, 3]));
    assert_eq!(compute(Event::AT.day(), &rows), ints([29, 31, 1, 1, 15]));
    assert_eq!(compute(Event::AT.hour(), &rows), ints([23, 23, 0, 12, 6]));
    assert_eq!(compute(Event::ENDED.hour(), &rows)[0], Ok(Value::Null));
    let day = jiff::civil::date(1970, 1, 1);
    assert_eq!(found(Event::AT.date().gt(day), &rows), [0, 3]);
    assert_eq!(found(Event::AT.date().eq(day), &rows), [2]);
    assert_eq!(found(Event::ENDED.date().is_none(), &rows).len(), 5);
    let dates: Vec<_> = compute(Event::AT.date(), &rows)
        .into_iter()
        .map(|date| jiff::civil::Date::from_value(&date.expect("no fault")).expect("a date"))
        .collect();
    for (date, row) in dates.iter().zip(&rows) {
        assert_eq!(*date, row.at.to_zoned(jiff::tz::TimeZone::UTC).date());
    }
}

#[cfg(feature = "chrono")]
#[test]
fn chrono_has_the_same_parts() {
    use super::found;
    use crate::expr::Expression;
    use memorm::prelude::*;

    #[derive(Model, Clone)]
    struct Event {
        #[model(primary_key)]
        id: u32,
        at: chrono::DateTime<chrono::Utc>,
    }
    let rows = [Event { id: 0, at: "2024-02-29T23:59:59Z".parse().expect("a moment") }];
    let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day");
    assert_eq!(found(Event::AT.date().eq(day) & Event::AT.hour().eq(23), &rows), [0]);
}

#[cfg(feature = "time")]
#[test]
fn time_has_the_same_parts() {
    use super::found;
    use crate::expr::Expression;
    use memorm::prelude::*;

    #[derive(Model, Clone)]
    struct Event {
        #[model(primary_key)]
        id: u32,
        at: time::OffsetDateTime,
    }
    let rows = [Event { id: 0, at: time::OffsetDateTime::UNIX_EPOCH }];
    let day = time::Date::from_ordinal_date(1970, 1).expect("a day");
    assert_eq!(found(Event::AT.date().eq(day) & Event::AT.year().eq(1970), &rows), [0]);
}
