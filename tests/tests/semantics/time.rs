//! Time: parts of a timestamp, in UTC, and of dates and times.
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

/// Dates and times without a zone, of each crate.
#[derive(Model, Clone, Debug)]
struct Plain {
    #[model(primary_key)]
    id: u64,
    jiff_both: jiff::civil::DateTime,
    jiff_day: Date,
    jiff_time: Option<jiff::civil::Time>,
    chrono_both: Option<chrono::NaiveDateTime>,
    chrono_day: chrono::NaiveDate,
    chrono_time: chrono::NaiveTime,
    time_both: time::PrimitiveDateTime,
    time_day: Option<time::Date>,
    time_time: time::Time,
}

fn plain() -> memorm::Result<Database> {
    let chrono_day = chrono::NaiveDate::from_ymd_opt(1969, 12, 31).expect("a day");
    let chrono_time = chrono::NaiveTime::from_hms_opt(23, 59, 59).expect("a time");
    let row = Plain {
        id: 1,
        jiff_both: date(2024, 2, 29).at(13, 4, 5, 6),
        jiff_day: date(-1, 3, 4),
        jiff_time: None,
        chrono_both: Some(chrono_day.and_time(chrono_time)),
        chrono_day,
        chrono_time,
        time_both: time::macros::datetime!(1900-03-01 1:02:03),
        time_day: None,
        time_time: time::Time::MIDNIGHT,
    };
    let db = Database::new();
    db.transaction(|s| s.add(row.clone()))?;
    Ok(db)
}

#[test]
fn dates_and_times_without_a_zone_have_parts() -> memorm::Result<()> {
    let db = plain()?;
    let jiff =
        (Plain::JIFF_BOTH.date(), Plain::JIFF_BOTH.hour(), Plain::JIFF_DAY.year(), Plain::JIFF_TIME.hour());
    let jiff = select::<Plain>().select((jiff.0, jiff.1, jiff.2, jiff.3, Plain::JIFF_DAY.day())).one(&db)?;
    assert_eq!(jiff, (date(2024, 2, 29), 13, -1, None, 4));

    let chrono = (Plain::CHRONO_BOTH.year(), Plain::CHRONO_DAY.month(), Plain::CHRONO_TIME.hour());
    let chrono =
        select::<Plain>().select((chrono.0, chrono.1, chrono.2, Plain::CHRONO_BOTH.date())).one(&db)?;
    assert_eq!(chrono, (Some(1969), 12, 23, Some(db.snapshot().get_one::<Plain>(1)?.chrono_day)));

    let time =
        (Plain::TIME_BOTH.date(), Plain::TIME_BOTH.hour(), Plain::TIME_DAY.month(), Plain::TIME_TIME.hour());
    let time = select::<Plain>().select((time.0, time.1, time.2, time.3)).one(&db)?;
    assert_eq!(time, (time::macros::date!(1900 - 03 - 01), 1, None, 0));
    Ok(())
}

#[test]
fn a_part_of_a_date_is_asked_of_a_server_without_a_zone() -> memorm::Result<()> {
    let rows = select::<Plain>().filter(Plain::JIFF_DAY.year().eq(2024) & Plain::TIME_BOTH.hour().gt(3));
    let sql = rows.select((Plain::ID, Plain::CHRONO_BOTH.date())).to_sql(Dialect::Postgres)?;
    let expected = r#"SELECT "id", ("chrono_both")::date FROM "plain" WHERE extract(year FROM "jiff_day")::int4 = $1::int8 AND extract(hour FROM "time_both")::int4 > $2::int8"#;
    assert_eq!(sql.text, expected);
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
