//! `Cell`: one field of one row, borrowed.
use super::Value;
use super::owned::compare_floats;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// One field of one row, borrowed: what keys, indexes and constraints compare and hash.
///
/// Ordered and hashed like [`Value`].
#[derive(Clone, Debug)]
#[doc(hidden)]
pub enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Wide(i128),
    Float(f64),
    Text(&'a str),
    /// Every other kind.
    Other(Value),
}

impl Cell<'_> {
    /// This cell, owned. Allocates for text.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(i) => Value::Int(*i),
            Self::Wide(i) => Value::Wide(*i),
            Self::Float(f) => Value::Float(*f),
            Self::Text(s) => Value::Text((*s).into()),
            Self::Other(v) => v.clone(),
        }
    }

    /// Whether this is `None`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value of an integer key, for the row-id guess.
    #[inline]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            Self::Wide(i) => i64::try_from(*i).ok(),
            _ => None,
        }
    }
}

impl Ord for Cell<'_> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Wide(a), Self::Wide(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => compare_floats(*a, *b),
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Other(a), Self::Other(b)) => a.cmp(b),
            (a, b) => a.to_value().cmp(&b.to_value()),
        }
    }
}

impl PartialOrd for Cell<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // what keys and indexed columns mostly are, without a call
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Wide(a), Self::Wide(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b || a.is_nan() && b.is_nan(),
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => self.cmp(other) == Ordering::Equal,
        }
    }
}

impl Eq for Cell<'_> {}

impl Hash for Cell<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Null => state.write_u8(0),
            Self::Bool(b) => state.write_u8(1 + u8::from(*b)),
            Self::Int(i) => state.write_u64(*i as u64),
            // equal to an `Int` of the same value, so hashed alike
            Self::Wide(i) => match i64::try_from(*i) {
                Ok(i) => state.write_u64(i as u64),
                Err(_) => state.write_u128(*i as u128),
            },
            // the zeros are equal, and so are all NaN
            Self::Float(f) => {
                let f = if f.is_nan() { f64::NAN } else { *f + 0.0 };
                state.write_u64(f.to_bits());
            }
            Self::Text(s) => {
                state.write(s.as_bytes());
                state.write_u8(0xff);
            }
            Self::Other(v) => hash_other(v, state),
        }
    }
}

fn hash_other<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Huge(v) | Value::Uuid(v) | Value::Ulid(v) => state.write_u128(*v),
        Value::Timestamp(v) | Value::DateTime(v) => state.write_u128(*v as u128),
        Value::Bytes(v) => v.hash(state),
        Value::Variant { ordinal, .. } => state.write_u32(*ordinal),
        Value::Date(v) => state.write_u32(*v as u32),
        Value::Time(v) => state.write_u64(*v as u64),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(v) => v.hash(state),
        // equal documents have equal sizes; the rest is left to the comparison
        #[cfg(feature = "json")]
        Value::Json(v) => match &**v {
            serde_json::Value::String(s) => s.hash(state),
            // numbers that are equal are equal as floats
            serde_json::Value::Number(n) => state.write_u64((n.as_f64().unwrap_or(f64::NAN) + 0.0).to_bits()),
            serde_json::Value::Array(a) => state.write_usize(a.len()),
            serde_json::Value::Object(o) => state.write_usize(o.len()),
            _ => state.write_u8(0),
        },
        plain => plain.cell().hash(state),
    }
}
