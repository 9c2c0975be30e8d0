//! `uuid::Uuid` as a column type.
use super::field::fields;
use crate::value::{Cell, Value};

fields! {
    uuid::Uuid: Uuid, Value, v => Value::Uuid(v.as_u128()),
        Cell::Other(Value::Uuid(n)) => Some(uuid::Uuid::from_u128(n));
}
