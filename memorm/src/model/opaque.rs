//! Comparing opaque columns: by `PartialEq` where the type has it.
//!
//! The derive writes `(&Compared(&a)).is_same(&Compared(&b))` with both traits in scope. Method lookup finds the one on
//! `Compared` first, if the type can be compared, and else, one reference deeper, the one on `&Compared`.

/// An opaque field, to be compared with another.
#[doc(hidden)]
#[derive(Debug)]
pub struct Compared<'a, T>(pub &'a T);

/// The type can be compared.
#[doc(hidden)]
pub trait CanCompare {
    fn is_same(&self, other: &Self) -> bool;
}
impl<T: PartialEq> CanCompare for Compared<'_, T> {
    fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// The type cannot: nothing is known to be equal.
#[doc(hidden)]
pub trait CannotCompare<T> {
    fn is_same(&self, other: &T) -> bool;
}
impl<T> CannotCompare<Compared<'_, T>> for &Compared<'_, T> {
    fn is_same(&self, _: &Compared<'_, T>) -> bool {
        false
    }
}
