//! The column types of the standard library.
use super::field::fields;
use crate::value::{Cell, Value};
use std::sync::Arc;

macro_rules! narrow { ($($t:ident $Kind:ident)*) => { fields! { $(
    $t: $Kind, i64, v => i64::from(*v), Cell::Int(i) => i.try_into().ok(), Cell::Wide(i) => i.try_into().ok();
)* } } }
macro_rules! wide { ($($t:ident $Kind:ident)*) => { fields! { $(
    $t: $Kind, i128, v => *v as i128, Cell::Wide(i) => i.try_into().ok(), Cell::Int(i) => i.try_into().ok();
)* } } }
narrow! { i8 I8 i16 I16 i32 I32 i64 I64 u8 U8 u16 U16 u32 U32 }
wide! { u64 U64 i128 I128 usize Usize isize Isize }
fields! {
    u128: U128, Value, v => i128::try_from(*v).map_or(Value::Huge(*v), Value::Wide),
        Cell::Other(Value::Wide(i)) | Cell::Wide(i) => i.try_into().ok(),
        Cell::Int(i) => i.try_into().ok(),
        Cell::Other(Value::Huge(i)) => Some(i);
    bool: Bool, bool, v => *v, Cell::Bool(b) => Some(b);
    f64: F64, f64, v => *v, Cell::Float(f) => Some(f);
    f32: F32, f64, v => f64::from(*v), Cell::Float(f) => Some(f as f32);
    char: Char, Value, v => Value::Text(v.encode_utf8(&mut [0; 4]).to_owned().into()), Cell::Text(s) => one_char(s);
    String: Text, &'a str, v => v.as_str(), Cell::Text(s) => Some(s.to_owned());
    Arc<str>: Text, &'a str, v => v, Cell::Text(s) => Some(s.into());
    Vec<u8>: Bytes, Value, v => Value::Bytes(v.as_slice().into()), Cell::Other(Value::Bytes(b)) => Some(b.to_vec());
}

fn one_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}
