//! Values as they go over the wire.
use super::is_known;
use crate::asked::json;
use memorm::prelude::Value;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use std::error::Error;

type Unreadable = Box<dyn Error + Sync + Send>;

/// A value that the server gave.
#[derive(Debug)]
pub enum Cell {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    /// A document, as memorm writes it.
    Json(serde_json::Value),
    /// Microseconds, of a day or since 2000.
    Time(i64),
    /// Days since 2000.
    Date(i32),
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Unreadable> {
        Ok(match *ty {
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?.into()),
            Type::FLOAT4 => Self::Float(f32::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Self::Float(f64::from_sql(ty, raw)?),
            Type::TEXT => Self::Text(String::from_sql(ty, raw)?),
            Type::NUMERIC => numeric(raw).ok_or("a numeric that ends too soon")?,
            Type::JSONB => Self::Json(serde_json::Value::from_sql(ty, raw)?),
            Type::TIMESTAMPTZ => Self::Time(i64::from_be_bytes(raw.try_into()?)),
            Type::DATE => Self::Date(i32::from_be_bytes(raw.try_into()?)),
            _ => return Err(format!("a column of type {ty}").into()),
        })
    }
    fn from_sql_null(_: &Type) -> Result<Self, Unreadable> {
        Ok(Self::Null)
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Digits to the base of 10,000: an integer where no digits behind the point are shown, else a float.
fn numeric(raw: &[u8]) -> Option<Cell> {
    let word = |i: usize| Some(i16::from_be_bytes(raw.get(2 * i..2 * i + 2)?.try_into().ok()?));
    let (digits, weight, sign, shown) = (word(0)?, word(1)?, word(2)? as u16, word(3)?);
    if sign == 0xC000 {
        return Some(Cell::Float(f64::NAN));
    }
    let mut text = String::from(if sign == 0x4000 { "-0" } else { "0" });
    for place in 0..=i32::from(weight).max(-1) {
        let digit = if place < digits.into() { word(4 + place as usize)? } else { 0 };
        text.push_str(&format!("{digit:04}"));
    }
    if shown == 0 {
        return text.parse().ok().map(Cell::Int);
    }
    text.push('.');
    for place in i32::from(weight) + 1..i32::from(digits).max(i32::from(weight) + 2) {
        let digit = if (0..i32::from(digits)).contains(&place) { word(4 + place as usize)? } else { 0 };
        text.push_str(&format!("{digit:04}"));
    }
    text.parse().ok().map(Cell::Float)
}

impl Cell {
    /// The value as the comparison of lines writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Null => "null, ".to_owned(),
            Self::Bool(b) => format!("{}, ", i8::from(*b)),
            Self::Int(i) => format!("{i}, "),
            Self::Float(f) => format!("{:.9e}, ", f + 0.0),
            Self::Text(text) => format!("{text:?}, "),
            Self::Json(document) => json(document),
            Self::Time(micros) => format!("{}, ", (i128::from(*micros) + 946_684_800_000_000) * 1_000),
            Self::Date(days) => format!("{}, ", days + 10_957),
        }
    }
}

/// A parameter of a statement.
#[derive(Debug)]
pub struct Parameter<'a>(pub &'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Unreadable> {
        if !is_known(self.0, ty) {
            return Err(format!("{:?} for a parameter of type {ty}", self.0).into());
        }
        match self.0 {
            Value::Bool(b) => b.to_sql(ty, out),
            Value::Int(i) => i.to_sql(ty, out),
            Value::Float(f) => f.to_sql(ty, out),
            Value::Text(text) => (&**text).to_sql(ty, out),
            Value::Json(document) => (**document).to_sql(ty, out),
            Value::Timestamp(nanos) => {
                (i64::try_from(nanos / 1_000)? - 946_684_800_000_000).to_sql(&Type::INT8, out)
            }
            Value::Date(days) => (days - 10_957).to_sql(&Type::INT4, out),
            other => Err(format!("{other:?} is no value of the test's tables").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}
