//! How values look in messages, dumps and printed tables.
use super::{Cell, Value};
use std::fmt;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(v) => write!(f, "{v}"),
            Self::Int(v) => write!(f, "{v}"),
            Self::Wide(v) => write!(f, "{v}"),
            Self::Huge(v) => write!(f, "{v}"),
            Self::Float(v) => write!(f, "{v:?}"),
            #[cfg(feature = "rust_decimal")]
            Self::Decimal(v) => write!(f, "{v}"),
            Self::Text(v) => write!(f, "{v:?}"),
            Self::Bytes(v) => {
                f.write_str("0x")?;
                v.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
            Self::Variant { name, .. } => f.write_str(name),
            Self::Timestamp(v) => write!(f, "{}T{}Z", Day(v.div_euclid(DAY)), Clock(v.rem_euclid(DAY))),
            Self::DateTime(v) => write!(f, "{}T{}", Day(v.div_euclid(DAY)), Clock(v.rem_euclid(DAY))),
            Self::Date(v) => write!(f, "{}", Day(i128::from(*v))),
            Self::Time(v) => write!(f, "{}", Clock(i128::from(*v))),
            Self::Uuid(v) => {
                let v = format!("{v:032x}");
                write!(f, "{}-{}-{}-{}-{}", &v[..8], &v[8..12], &v[12..16], &v[16..20], &v[20..])
            }
            Self::Ulid(v) => show_ulid(*v, f),
            #[cfg(feature = "json")]
            Self::Json(v) => write!(f, "{v}"),
        }
    }
}

const DAY: i128 = 86_400_000_000_000;

/// Days since the epoch, as year-month-day.
struct Day(i128);

impl fmt::Display for Day {
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i128::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Nanoseconds since midnight, as hours:minutes:seconds.
struct Clock(i128);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if nanos != 0 {
            f.write_str(format!(".{nanos:09}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// Crockford's base 32, as the ULID specification writes it.
fn show_ulid(id: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..26).rev().try_for_each(|i| {
        let digit = DIGITS[(id >> (i * 5)) as usize & 31];
        write!(f, "{}", char::from(digit))
    })
}

/// A key in a message: `3`, `"A-17"`, `(1, "red")`.
pub(crate) fn show_key(cells: &[Cell<'_>]) -> String {
    let parts: Vec<String> = cells.iter().map(|c| c.to_value().to_string()).collect();
    match &parts[..] {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    }
}
