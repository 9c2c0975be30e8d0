//! Parts of dates and times.
use super::dialect::Dialect;
use crate::expr::DatePart;
use crate::value::Kind;

/// A part of a timestamp, date or time: what comes before and behind it.
pub(super) fn date_part(part: DatePart, kind: Kind, dialect: Dialect) -> [&'static str; 2] {
    macro_rules! sqlite {
        ($format:literal) => {
            match kind {
                Kind::Date => [
                    concat!("(SELECT CAST(strftime('", $format, "', t * 86400, 'unixepoch') AS INTEGER) FROM (SELECT "),
                    " AS t))",
                ],
                _ => [
                    concat!(
                        "(SELECT CAST(strftime('",
                        $format,
                        "', (t - (t % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch') AS INTEGER) FROM (SELECT "
                    ),
                    " AS t))",
                ],
            }
        };
    }
    macro_rules! postgres {
        ($part:literal) => {
            match kind {
                Kind::Timestamp => [concat!("extract(", $part, " FROM "), " AT TIME ZONE 'UTC')::int4"],
                _ => [concat!("extract(", $part, " FROM "), ")::int4"],
            }
        };
    }
    match (dialect, part) {
        (Dialect::Postgres, DatePart::Date) if kind == Kind::Timestamp => ["(", " AT TIME ZONE 'UTC')::date"],
        (Dialect::Postgres, DatePart::Date) => ["(", ")::date"],
        (Dialect::Postgres, DatePart::Year) => postgres!("year"),
        (Dialect::Postgres, DatePart::Month) => postgres!("month"),
        (Dialect::Postgres, DatePart::Day) => postgres!("day"),
        (Dialect::Postgres, DatePart::Hour) => postgres!("hour"),
        (Dialect::Sqlite, DatePart::Date) => [
            "(SELECT (t - (t % 86400000000000 + 86400000000000) % 86400000000000) / 86400000000000 FROM (SELECT ",
            " AS t))",
        ],
        (Dialect::Sqlite, DatePart::Year) => sqlite!("%Y"),
        (Dialect::Sqlite, DatePart::Month) => sqlite!("%m"),
        (Dialect::Sqlite, DatePart::Day) => sqlite!("%d"),
        (Dialect::Sqlite, DatePart::Hour) => sqlite!("%H"),
    }
}
