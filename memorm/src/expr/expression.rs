//! `Expr<S, T>`: a typed cover over [`Code`]. Nothing here is compiled per model but a few moves.
use super::code::Code;
use std::fmt;
use std::marker::PhantomData;

/// A computed value of type `T` for each row of scope `S`: what arithmetic, `lower`, `case` … give.
///
/// Everything that can be asked of it is in [`Expression`](super::Expression).
#[must_use = "an expression does nothing until it is part of a statement"]
pub struct Expr<S, T>(Code, PhantomData<fn() -> (S, T)>);

impl<S, T> Expr<S, T> {
    pub(crate) fn new(code: Code) -> Self {
        Self(code, PhantomData)
    }
    /// Borrows the expression as data. `to_string()` on it prints the expression.
    pub fn inspect(&self) -> &Code {
        &self.0
    }
    pub(super) fn into_inner(self) -> Code {
        self.0
    }
}
impl<S, T> Clone for Expr<S, T> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}
impl<S, T> fmt::Debug for Expr<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.0)
    }
}
