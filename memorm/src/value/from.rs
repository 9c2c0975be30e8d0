//! `Value::from("x")`, `Value::from(None::<i64>)`: what is no column type by itself. Column types bring their own.
use super::Value;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// `None` is `Null`.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
