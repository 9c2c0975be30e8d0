//! Cells as keys of fixed size.
//!
//! ```text
//!   narrow (i64)    bool, integers up to 64 bits, floats, days, times of day, variants, chars
//!   wide  (i128)    128-bit integers, moments, UUIDs, ULIDs
//! ```
//!
//! The mapping keeps the order of [`Value`]: unsigned numbers are moved so that 0 becomes the least signed number;
//! the bits of a float are turned so that they compare as integers.
//!
//! A bound may lie outside of what the column can hold (300 for an `i8`, -1 for a `u64`): it is then below or above
//! every key. A cell of another kind (text for an integer) matches nothing.

use crate::value::{Cell, Kind, Value};

/// Where a cell lies among the keys of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<K> {
    At(K),
    /// Below every key of the column.
    Below,
    /// Above every key of the column.
    Above,
    /// `NULL`, or of a kind that the column does not hold.
    Nowhere,
}

impl<K> Place<K> {
    fn map<T>(self, f: impl FnOnce(K) -> T) -> Place<T> {
        match self {
            Self::At(key) => Place::At(f(key)),
            Self::Below => Place::Below,
            Self::Above => Place::Above,
            Self::Nowhere => Place::Nowhere,
        }
    }

    /// The key itself.
    pub(super) fn key(self) -> Option<K> {
        match self {
            Self::At(key) => Some(key),
            _ => None,
        }
    }
}

/// Whether the keys of a column are narrow.
pub(super) fn is_narrow(kind: Kind) -> bool {
    kind.is_narrow_integer()
        || kind.is_float()
        || matches!(kind, Kind::Bool | Kind::U64 | Kind::Usize | Kind::Isize)
        || matches!(kind, Kind::Date | Kind::Time | Kind::Variant | Kind::Char)
}

/// Whether the keys of a column are wide.
pub(super) fn is_wide(kind: Kind) -> bool {
    matches!(kind, Kind::I128 | Kind::U128 | Kind::Timestamp | Kind::DateTime | Kind::Uuid | Kind::Ulid)
}

/// The place of a cell in a column of narrow keys.
#[inline]
pub(super) fn narrow(kind: Kind, cell: &Cell<'_>) -> Place<i64> {
    match (kind, cell) {
        (Kind::F32 | Kind::F64, Cell::Float(f)) => Place::At(float_key(*f)),
        (Kind::U64 | Kind::Usize, _) => narrowed(integer(cell), -(1 << 63)),
        (_, Cell::Int(i)) if kind.integer_range().is_some() => Place::At(*i),
        (_, Cell::Int(_) | Cell::Wide(_)) if kind.integer_range().is_some() => narrowed(integer(cell), 0),
        (Kind::Bool, Cell::Bool(b)) => Place::At(i64::from(*b)),
        (Kind::Char, Cell::Text(text)) => char_key(text),
        (_, Cell::Other(value)) => narrow_value(kind, value),
        _ => Place::Nowhere,
    }
}

fn narrow_value(kind: Kind, value: &Value) -> Place<i64> {
    match (kind, value) {
        (Kind::Date, Value::Date(day)) => Place::At(i64::from(*day)),
        (Kind::Time, Value::Time(nanoseconds)) => Place::At(*nanoseconds),
        (Kind::Variant, Value::Variant { ordinal, .. }) => Place::At(i64::from(*ordinal)),
        (Kind::Char, Value::Text(text)) => char_key(text),
        (Kind::Bool, Value::Bool(b)) => Place::At(i64::from(*b)),
        (Kind::F32 | Kind::F64, Value::Float(f)) => Place::At(float_key(*f)),
        _ if kind.integer_range().is_some() => narrowed(integer_value(value), 0),
        _ => Place::Nowhere,
    }
}

/// The place of a cell in a column of wide keys.
#[inline]
pub(super) fn wide(kind: Kind, cell: &Cell<'_>) -> Place<i128> {
    match (kind, cell) {
        (Kind::I128, _) => integer(cell),
        (Kind::U128, Cell::Other(Value::Huge(v))) => Place::At(unsigned_key(*v)),
        (Kind::U128, _) => match integer(cell) {
            Place::At(v) => u128::try_from(v).map_or(Place::Below, |v| Place::At(unsigned_key(v))),
            elsewhere => elsewhere,
        },
        (Kind::Timestamp, Cell::Other(Value::Timestamp(nanoseconds)))
        | (Kind::DateTime, Cell::Other(Value::DateTime(nanoseconds))) => Place::At(*nanoseconds),
        (Kind::Uuid, Cell::Other(Value::Uuid(v))) | (Kind::Ulid, Cell::Other(Value::Ulid(v))) => {
            Place::At(unsigned_key(*v))
        }
        _ => Place::Nowhere,
    }
}

#[inline]
fn integer(cell: &Cell<'_>) -> Place<i128> {
    match cell {
        Cell::Int(i) => Place::At(i128::from(*i)),
        Cell::Wide(i) => Place::At(*i),
        Cell::Other(value) => integer_value(value),
        _ => Place::Nowhere,
    }
}

fn integer_value(value: &Value) -> Place<i128> {
    match value {
        Value::Int(i) => Place::At(i128::from(*i)),
        Value::Wide(i) => Place::At(*i),
        Value::Huge(_) => Place::Above,
        _ => Place::Nowhere,
    }
}

#[inline]
fn narrowed(place: Place<i128>, offset: i128) -> Place<i64> {
    match place.map(|i| (i, i.saturating_add(offset))) {
        Place::At((i, moved)) => match i64::try_from(moved) {
            Ok(key) => Place::At(key),
            Err(_) if i < 0 => Place::Below,
            Err(_) => Place::Above,
        },
        Place::Below => Place::Below,
        Place::Above => Place::Above,
        Place::Nowhere => Place::Nowhere,
    }
}

fn unsigned_key(value: u128) -> i128 {
    (value ^ 1 << 127) as i128
}

/// Bits that compare as PostgreSQL compares floats: the zeros equal, NaN equal to itself and greatest.
#[inline]
fn float_key(value: f64) -> i64 {
    if value.is_nan() {
        return i64::MAX;
    }
    // adding zero turns -0.0 into 0.0
    let bits = (value + 0.0).to_bits() as i64;
    // the magnitude of a negative float counts downwards
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// The code point: it is ordered as the bytes of UTF-8 are.
fn char_key(text: &str) -> Place<i64> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Place::At(i64::from(u32::from(c))),
        _ => Place::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(kind: Kind, values: &[Value]) -> Vec<i64> {
        values.iter().filter_map(|v| narrow(kind, &v.cell()).key()).collect()
    }

    #[test]
    fn the_order_of_floats_is_kept() {
        let floats =
            [f64::NEG_INFINITY, -1e300, -1.0, -f64::MIN_POSITIVE, 0.0, 5e-324, 1.0, f64::INFINITY, f64::NAN];
        let keys = keys(Kind::F64, &floats.map(Value::Float));
        assert!(keys.len() == floats.len() && keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        assert_eq!(float_key(-0.0), float_key(0.0));
        assert_eq!(float_key(-f64::NAN), float_key(f64::NAN));
    }

    #[test]
    fn the_order_of_unsigned_numbers_is_kept() {
        let numbers = [0, 1, i64::MAX as i128, 1 << 63, u64::MAX as i128].map(Value::Wide);
        let keys = keys(Kind::U64, &numbers);
        assert!(keys.len() == numbers.len() && keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        let wide: Vec<i128> =
            [Value::Wide(0), Value::Wide(i128::MAX), Value::Huge(1 << 127), Value::Huge(u128::MAX)]
                .iter()
                .filter_map(|v| wide(Kind::U128, &v.cell()).key())
                .collect();
        assert!(wide.len() == 4 && wide.is_sorted_by(|a, b| a < b), "{wide:?}");
    }

    #[test]
    fn what_a_column_cannot_hold_lies_outside() {
        assert_eq!(narrow(Kind::U64, &Cell::Int(-1)), Place::Below);
        assert_eq!(narrow(Kind::U64, &Cell::Wide(i128::MIN)), Place::Below);
        assert_eq!(narrow(Kind::U64, &Cell::Wide(1 << 64)), Place::Above);
        assert_eq!(narrow(Kind::I32, &Cell::Wide(i128::MAX)), Place::Above);
        assert_eq!(narrow(Kind::I32, &Cell::Other(Value::Huge(u128::MAX))), Place::Above);
        assert_eq!(wide(Kind::U128, &Cell::Int(-1)), Place::Below);
        assert_eq!(narrow(Kind::I32, &Cell::Text("a")), Place::Nowhere);
        assert_eq!(narrow(Kind::I32, &Cell::Null), Place::Nowhere);
    }
}
