//! `Literal`: what may be written where a column's value is expected.
use super::{Field, Scalar};

/// A value that may be written where a `T` is stored: `T`, `&T`, `&str` or `&&str` for text, `T` for `Option<T>`,
/// and integer literals for floats. `{integer}` and `{float}` infer, because one impl fits.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a value of type `{T}`", label = "expected a `{T}`")]
pub trait Literal<T> {
    /// Turns the value into what the column stores.
    fn into_field(self) -> T;
}
#[diagnostic::do_not_recommend]
impl<T: Field> Literal<T> for T {
    fn into_field(self) -> T {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<T: Scalar> Literal<Option<T>> for T {
    fn into_field(self) -> Option<T> {
        Some(self)
    }
}
#[diagnostic::do_not_recommend]
impl<T: Field> Literal<T> for &T {
    fn into_field(self) -> T {
        self.clone()
    }
}
#[diagnostic::do_not_recommend]
impl<T: Scalar> Literal<Option<T>> for &T {
    fn into_field(self) -> Option<T> {
        Some(self.clone())
    }
}

/// The literals that are not the column's own type: one line each, for `T` and `Option<T>`.
macro_rules! other_literals {
    ($with:ident) => {
        $with! {
            [] &str => String, v => v.to_owned();
            [] &&str => String, v => (*v).to_owned();
            [] &str => std::sync::Arc<str>, v => v.into();
            [] &&str => std::sync::Arc<str>, v => (*v).into();
            [] &[u8] => Vec<u8>, v => v.to_vec();
            [const N: usize] &[u8; N] => Vec<u8>, v => v.to_vec();
            [const N: usize] [u8; N] => Vec<u8>, v => v.to_vec();
            [] i32 => f64, v => f64::from(v);
            [] i32 => f32, v => v as f32;
        }
        #[cfg(feature = "smol_str")]
        $with! {
            [] &str => smol_str::SmolStr, v => v.into();
            [] &&str => smol_str::SmolStr, v => (*v).into();
        }
        #[cfg(feature = "rust_decimal")]
        $with! { [] i32 => rust_decimal::Decimal, v => v.into(); }
    };
}
macro_rules! literals { ($([$($g:tt)*] $from:ty => $to:ty, $v:ident => $e:expr;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Literal<$to> for $from {
        fn into_field(self) -> $to {
            let $v = self;
            $e
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Literal<Option<$to>> for $from {
        fn into_field(self) -> Option<$to> {
            let $v = self;
            Some($e)
        }
    }
)* } }
other_literals!(literals);
pub(crate) use other_literals;
