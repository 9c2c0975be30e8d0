//! What a tool gives by name, fitted to the columns of a table: values, and names that nearly are one.
use crate::model::ColumnMeta;
use crate::value::{Kind, Value};

/// The value as the column holds it; `None` where it holds no such value. An enum is named by its variant.
pub(super) fn fitted(column: &ColumnMeta, value: &Value) -> Option<Value> {
    let kind = column.kind;
    let is_integer = kind.integer_range().is_some();
    Some(match (kind, value) {
        (Kind::Opaque, _) => return None,
        (_, Value::Null) => Value::Null,
        (kind, Value::Int(i)) if kind.is_float() => Value::Float(*i as f64),
        (kind, Value::Float(f)) if kind.is_float() => Value::Float(*f),
        (kind, value @ Value::Int(_)) if kind.is_narrow_integer() => value.clone(),
        (_, Value::Int(i)) if is_integer => Value::Wide(i128::from(*i)),
        (kind, Value::Wide(i)) if kind.is_narrow_integer() => Value::Int(i64::try_from(*i).ok()?),
        (_, value @ (Value::Wide(_) | Value::Huge(_))) if is_integer => value.clone(),
        #[cfg(feature = "rust_decimal")]
        (Kind::Decimal, Value::Int(i)) => Value::Decimal((*i).into()),
        #[cfg(feature = "rust_decimal")]
        (Kind::Decimal, value @ Value::Decimal(_)) => value.clone(),
        #[cfg(feature = "json")]
        (Kind::Json, value @ Value::Json(_)) => value.clone(),
        (Kind::Variant, Value::Text(variant)) => {
            let (ordinal, name) = (0..).zip(column.variants).find(|(_, name)| ***name == **variant)?;
            Value::Variant { ordinal, name }
        }
        (Kind::Bool, value @ Value::Bool(_))
        | (Kind::Text | Kind::Char, value @ Value::Text(_))
        | (Kind::Bytes, value @ Value::Bytes(_))
        | (Kind::Variant, value @ Value::Variant { .. })
        | (Kind::Timestamp, value @ Value::Timestamp(_))
        | (Kind::DateTime, value @ Value::DateTime(_))
        | (Kind::Date, value @ Value::Date(_))
        | (Kind::Time, value @ Value::Time(_))
        | (Kind::Uuid, value @ Value::Uuid(_))
        | (Kind::Ulid, value @ Value::Ulid(_)) => value.clone(),
        _ => return None,
    })
}

/// The end of a message about a name that is not there: the column that it resembles.
pub(super) fn nearest(name: &str, columns: &'static [ColumnMeta]) -> String {
    let closest = columns.iter().min_by_key(|column| distance(column.name, name));
    match closest.filter(|column| distance(column.name, name) <= 1 + column.name.len() / 3) {
        Some(column) => format!("; did you mean {:?}?", column.name),
        None => String::new(),
    }
}

/// The edit distance of two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = std::mem::replace(&mut row[0], left);
        for (j, y) in b.chars().enumerate() {
            left = (diagonal + usize::from(x != y)).min(left + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], left);
        }
    }
    row.last().copied().unwrap_or(0)
}
