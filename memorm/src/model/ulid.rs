//! `ulid::Ulid` as a column type.
use super::field::fields;
use crate::value::{Cell, Value};

fields! {
    ulid::Ulid: Ulid, Value, v => Value::Ulid(v.0), Cell::Other(Value::Ulid(n)) => Some(ulid::Ulid(n));
}
