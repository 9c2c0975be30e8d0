//! `rust_decimal::Decimal` as a column type.
use super::field::fields;
use super::number::Number;
use crate::value::{Cell, Value};
use rust_decimal::Decimal;

fields! {
    Decimal: Decimal, Value, v => Value::Decimal(*v), Cell::Other(Value::Decimal(d)) => Some(d),
        Cell::Int(i) => Some(i.into());
}
#[diagnostic::do_not_recommend]
impl Number for Decimal {
    type Sum = Decimal;
}
