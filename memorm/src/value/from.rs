//! `Value::from(5)`: Rust's own types as values.
use super::Value;

macro_rules! from { ($($t:ty: $v:ident => $e:expr;)*) => { $(
    impl From<$t> for Value {
        fn from($v: $t) -> Self {
            $e
        }
    }
)* } }
from! {
    bool: v => Self::Bool(v);
    i8: v => Self::Int(v.into());
    i16: v => Self::Int(v.into());
    i32: v => Self::Int(v.into());
    i64: v => Self::Int(v);
    u8: v => Self::Int(v.into());
    u16: v => Self::Int(v.into());
    u32: v => Self::Int(v.into());
    u64: v => Self::Wide(v.into());
    i128: v => Self::Wide(v);
    f32: v => Self::Float(v.into());
    f64: v => Self::Float(v);
    &str: v => Self::Text(v.into());
    String: v => Self::Text(v.into());
}

/// `None` is `Null`.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
