//! Comparisons of what is no operand: without them, the compiler would speak of `Iterator::eq`.
use super::aggregate::{Agg, Count};
use super::over::OverWindow;
use crate::model::{BelongsTo, HasMany, HasOne, ManyToMany};

/// What a relation compares with: nothing. `R` is left open, so that no second mistake is reported.
#[diagnostic::on_unimplemented(
    message = "a relation is not compared",
    label = "expected a column on the left, or a condition on the related row",
    note = "the column that refers: `Item::VENDOR_ID.eq(..)`; the row that it refers to: `Item::VENDOR.any(Vendor::NAME.eq(..))`"
)]
pub trait Related<R> {
    fn never(self) -> R;
}

/// What an aggregate or a window function compares with: nothing.
#[diagnostic::on_unimplemented(
    message = "an aggregate or a window function is not compared",
    label = "it is computed after the rows have been filtered",
    note = "groups: `.having(|key, aggregates| ..)`, after `.aggregate(..)`; with one value of all rows: `select::<M>().scalar(..)` on the right",
    note = "a window function: `.select(..)` it, and filter the answer in Rust"
)]
pub trait Computed<R> {
    fn never(self) -> R;
}

macro_rules! comparisons { ($Operand:ident: $($name:ident)*) => { $(
    /// Cannot be called.
    #[doc(hidden)]
    pub fn $name<R>(self, other: impl $Operand<R>) -> R {
        other.never()
    }
)* } }
impl<C, P> BelongsTo<C, P> {
    comparisons! { Related: eq ne lt le gt ge }
}
impl<P, C> HasMany<P, C> {
    comparisons! { Related: eq ne lt le gt ge }
}
impl<P, C> HasOne<P, C> {
    comparisons! { Related: eq ne lt le gt ge }
}
impl<A, B> ManyToMany<A, B> {
    comparisons! { Related: eq ne lt le gt ge }
}
impl Count {
    comparisons! { Computed: eq ne lt le gt ge }
}
impl<S, T> Agg<S, T> {
    comparisons! { Computed: eq ne lt le gt ge }
}
impl<F, P, O> OverWindow<F, P, O> {
    comparisons! { Computed: eq ne lt le gt ge }
}
