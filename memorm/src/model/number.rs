//! The types that arithmetic and text operators work on.
use super::Scalar;
use std::sync::Arc;

/// A type that `sum`, `avg`, `+ - * / %`, `abs` and `round` work on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "this needs a numeric column",
    note = "`sum`, `avg`, `stddev` and arithmetic take integer, float and decimal columns (or `Option` of them); text has `min`, `max` and `count_of(column)`"
)]
pub trait Number: Scalar {
    /// What a sum of many has: `i128` for integers, so that it never wraps; `f64` for floats.
    type Sum: Scalar;
}
macro_rules! numbers { ($($t:ty => $sum:ty),* $(,)?) => { $(
    #[diagnostic::do_not_recommend]
    impl Number for $t {
        type Sum = $sum;
    }
)* } }
numbers! {
    i8 => i128, i16 => i128, i32 => i128, i64 => i128, i128 => i128, isize => i128,
    u8 => i128, u16 => i128, u32 => i128, u64 => i128, u128 => i128, usize => i128,
    f32 => f64, f64 => f64,
}

/// A type that `like`, `lower`, `length` … work on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "this needs a text column",
    note = "text operators take `String`, `Arc<str>` or `Option` of them"
)]
pub trait Text: Scalar {}
#[diagnostic::do_not_recommend]
impl Text for String {}
#[diagnostic::do_not_recommend]
impl Text for Arc<str> {}
