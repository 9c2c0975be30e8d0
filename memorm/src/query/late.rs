//! `filter` where it is too late: without it, the compiler would speak of `Iterator::filter`.
use super::groups::{Grouped, Groups};
use super::rows::Rows;

/// What `filter` takes where rows are projected or grouped already: nothing.
#[diagnostic::on_unimplemented(
    message = "`filter` stands before `select` and `group_by`",
    label = "the rows are projected or grouped already",
    note = "groups are filtered by `.having(|key, aggregates| ..)`, after `.aggregate(..)`"
)]
pub trait Late {}

macro_rules! filters { ($([$($g:ident),*] $Q:ty;)*) => { $(impl<$($g),*> $Q {
    /// Cannot be called: rows are filtered before.
    #[doc(hidden)]
    pub fn filter<C: Late>(self, _condition: C) -> Self {
        self
    }
})* } }
filters! { [T] Rows<T>; [S, K] Grouped<S, K>; [K, A] Groups<K, A>; }
