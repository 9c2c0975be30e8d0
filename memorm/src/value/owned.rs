//! `Value`: the dynamic, owned form of a field.
use super::Cell;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A field's value without its Rust type: what plans, `explain`, `mappings` and dynamic rows hold.
///
/// Values have one total order, PostgreSQL's: `Null` last, NaN equal to itself and above every other float,
/// `-0.0` equal to `0.0`, text by bytes. `Clone` copies at most one reference count.
///
/// ```
/// use memorm::prelude::Value;
/// assert_eq!(Value::Float(f64::NAN), Value::Float(f64::NAN));
/// assert!(Value::Float(f64::NAN) > Value::Float(f64::INFINITY) && Value::Null > Value::Int(7));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// No value: `None`.
    #[default]
    Null,
    /// `bool`.
    Bool(bool),
    /// Integers up to 64 bits signed and 32 bits unsigned.
    Int(i64),
    /// `u64`, `usize`, `isize`, `i128`, and `u128` as far as `i128` reaches.
    Wide(i128),
    /// A `u128` above `i128::MAX`.
    Huge(u128),
    /// `f32` and `f64`.
    Float(f64),
    /// A decimal number.
    #[cfg(feature = "rust_decimal")]
    Decimal(rust_decimal::Decimal),
    /// Text, and a single `char`.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A fieldless enum: ordered by declaration, shown by name.
    Variant {
        /// The place of the variant in its declaration, from 0.
        ordinal: u32,
        /// The variant's name.
        name: &'static str,
    },
    /// A moment: nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i128),
    /// A date and time of day without a zone: nanoseconds since 1970-01-01T00:00:00.
    DateTime(i128),
    /// A day: days since 1970-01-01.
    Date(i32),
    /// A time of day: nanoseconds since midnight.
    Time(i64),
    /// A UUID, most significant byte first.
    Uuid(u128),
    /// A ULID.
    Ulid(u128),
    /// A JSON document.
    #[cfg(feature = "json")]
    Json(Arc<serde_json::Value>),
}

impl Value {
    /// This value, borrowed.
    pub(crate) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Bool(b) => Cell::Bool(*b),
            Self::Int(i) => Cell::Int(*i),
            Self::Wide(i) => Cell::Wide(*i),
            Self::Float(f) => Cell::Float(*f),
            Self::Text(s) => Cell::Text(s),
            other => Cell::Other(other.clone()),
        }
    }

    /// Tells whether this is `Null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The order of the kinds among each other; numbers compare with numbers.
    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) | Self::Wide(_) | Self::Huge(_) => 1,
            Self::Float(_) => 2,
            #[cfg(feature = "rust_decimal")]
            Self::Decimal(_) => 3,
            Self::Text(_) => 4,
            Self::Bytes(_) => 5,
            Self::Variant { .. } => 6,
            Self::Timestamp(_) => 7,
            Self::DateTime(_) => 8,
            Self::Date(_) => 9,
            Self::Time(_) => 10,
            Self::Uuid(_) => 11,
            Self::Ulid(_) => 12,
            #[cfg(feature = "json")]
            Self::Json(_) => 13,
            Self::Null => u8::MAX,
        }
    }

    fn integer(&self) -> Option<i128> {
        match self {
            Self::Int(i) => Some(i128::from(*i)),
            Self::Wide(i) => Some(*i),
            _ => None,
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Huge(a), Self::Huge(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => compare_floats(*a, *b),
            #[cfg(feature = "rust_decimal")]
            (Self::Decimal(a), Self::Decimal(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Variant { ordinal: a, .. }, Self::Variant { ordinal: b, .. }) => a.cmp(b),
            (Self::Timestamp(a), Self::Timestamp(b)) => a.cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Uuid(a), Self::Uuid(b)) | (Self::Ulid(a), Self::Ulid(b)) => a.cmp(b),
            #[cfg(feature = "json")]
            (Self::Json(a), Self::Json(b)) => compare_json(a, b),
            (a, b) => match (a.integer(), b.integer()) {
                (Some(a), Some(b)) => a.cmp(&b),
                // `Huge` is above every other integer
                (Some(_), None) if a.rank() == b.rank() => Ordering::Less,
                (None, Some(_)) if a.rank() == b.rank() => Ordering::Greater,
                _ => a.rank().cmp(&b.rank()),
            },
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.cell().hash(state);
    }
}

/// PostgreSQL's order of floats: NaN equals itself and is greatest; the zeros are equal.
pub(super) fn compare_floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The order of JSON documents: null, booleans, numbers, text, arrays, objects; inside a kind by content.
///
/// A stack instead of recursion: documents can be nested as deep as memory allows.
#[cfg(feature = "json")]
pub(crate) fn compare_json(a: &serde_json::Value, b: &serde_json::Value) -> Ordering {
    use serde_json::Value as Json;
    let rank = |v: &Json| match v {
        Json::Null => 0,
        Json::Bool(_) => 1,
        Json::Number(_) => 2,
        Json::String(_) => 3,
        Json::Array(_) => 4,
        Json::Object(_) => 5,
    };
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        let order = match (a, b) {
            (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
            (Json::Number(a), Json::Number(b)) => compare_json_numbers(a, b),
            (Json::String(a), Json::String(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Json::Array(a), Json::Array(b)) => {
                let order = a.len().cmp(&b.len());
                if order.is_eq() {
                    open.extend(a.iter().zip(b).rev());
                }
                order
            }
            (Json::Object(a), Json::Object(b)) => {
                let order = a.len().cmp(&b.len()).then_with(|| a.keys().cmp(b.keys()));
                if order.is_eq() {
                    open.extend(a.values().zip(b.values()));
                }
                order
            }
            (a, b) => rank(a).cmp(&rank(b)),
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

#[cfg(feature = "json")]
fn compare_json_numbers(a: &serde_json::Number, b: &serde_json::Number) -> Ordering {
    let integer = |n: &serde_json::Number| n.as_i64().map(i128::from).or(n.as_u64().map(i128::from));
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => compare_floats(a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN)),
    }
}
