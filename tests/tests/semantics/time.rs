//! Time: parts of a timestamp, in UTC.
use jiff::civil::{Date, date};
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Event {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    at: Timestamp,
    until: Option<Timestamp>,
    #[model(index)]
    day: Date,
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn events(moments: &[&str]) -> memorm::Result<Database> {
    let db = Database::new();
    let event = |(id, text): (u64, &&str)| Event {
        id,
        at: moment(text),
        until: (id % 2 == 0).then(|| moment(text)),
        day: date(2025, 1, id as i8),
    };
    db.transaction(|s| s.add_all((1..).zip(moments).map(event)))?;
    Ok(db)
}

#[test]
fn date_and_hour_of_a_timestamp_are_utc() -> memorm::Result<()> {
    let db = events(&[
        "2025-03-01T00:30:00+02:00",
        "2025-02-28T23:30:00-05:00",
        "2025-12-31T23:59:59.999999999Z",
    ])?;
    let dates = select::<Event>().select((Event::AT.date(), Event::AT.hour())).all(&db)?;
    assert_eq!(dates, [(date(2025, 2, 28), 22), (date(2025, 3, 1), 4), (date(2025, 12, 31), 23)]);
    let parts = select::<Event>().select((Event::AT.year(), Event::AT.month(), Event::AT.day())).all(&db)?;
    assert_eq!(parts, [(2025, 2, 28), (2025, 3, 1), (2025, 12, 31)]);
    Ok(())
}

#[test]
fn dates_before_the_epoch_and_in_leap_years_are_right() -> memorm::Result<()> {
    let texts = [
        "1969-12-31T23:59:59Z",
        "1900-03-01T00:00:00Z",
        "2000-02-29T12:00:00Z",
        "0001-01-01T00:00:00Z",
        "-000400-02-29T01:00:00Z",
    ];
    let rows = select::<Event>().select((Event::AT.date(), Event::AT.hour())).all(&events(&texts)?)?;
    let expected = [
        (date(1969, 12, 31), 23),
        (date(1900, 3, 1), 0),
        (date(2000, 2, 29), 12),
        (date(1, 1, 1), 0),
        (date(-400, 2, 29), 1),
    ];
    assert_eq!(rows, expected);
    Ok(())
}

#[test]
fn parts_of_none_are_none() -> memorm::Result<()> {
    let db = events(&["2025-03-01T00:30:00Z", "2025-03-01T00:30:00Z"])?;
    let dates = select::<Event>().select((Event::UNTIL.date(), Event::UNTIL.hour())).all(&db)?;
    assert_eq!(dates, [(None, None), (Some(date(2025, 3, 1)), Some(0))]);
    Ok(())
}

#[test]
fn timestamps_and_dates_compare_in_time() -> memorm::Result<()> {
    let db = events(&["2025-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "2025-01-01T00:00:00.000000001Z"])?;
    let sorted = select::<Event>().order_by(Event::AT.desc()).select(Event::ID).all(&db)?;
    assert_eq!(sorted, [3, 1, 2]);
    let after = select::<Event>().filter(Event::AT.gt(moment("2025-01-01T00:00:00Z"))).select(Event::ID);
    assert_eq!(after.all(&db)?, [3]);
    let days =
        select::<Event>().filter(Event::DAY.between(date(2025, 1, 2), date(2025, 1, 9))).select(Event::ID);
    assert_eq!(days.all(&db)?, [2, 3]);
    let same = select::<Event>().filter(Event::DAY.eq(Event::AT.date())).select(Event::ID);
    assert_eq!(same.all(&db)?, [1]);
    Ok(())
}
