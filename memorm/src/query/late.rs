//! Calls that come too late or too soon: without them, the compiler would speak of `Iterator::filter`, or of no `all`.
use super::groups::{Grouped, Groups};
use super::rows::Rows;
use super::write::{Delete, Insert, Update};

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

/// What `all` takes before `aggregate`: nothing. `R` is left open, so that no second mistake is reported.
#[diagnostic::on_unimplemented(
    message = "groups have no rows before `.aggregate(..)`",
    label = "what is computed of each group?",
    note = "`.aggregate(count())`, or a tuple of up to twelve; the keys alone: `.select(..)` them and `.distinct()`"
)]
pub trait Unaggregated<R> {
    fn never(self) -> R;
}

/// What `all` takes of a statement that changes rows: nothing.
#[diagnostic::on_unimplemented(
    message = "this statement returns no rows",
    label = "`.exec(&mut session)` runs it, and tells how many rows it touched",
    note = "rows come from `.returning(Item::ID)` before `.all(&mut session)`"
)]
pub trait Unreturned<R> {
    fn never(self) -> R;
}

macro_rules! alls { ($($Source:ident: [$($g:ident),*] $Q:ty;)*) => { $(impl<$($g),*> $Q {
    /// Cannot be called.
    #[doc(hidden)]
    pub fn all<R>(&self, source: impl $Source<R>) -> R {
        source.never()
    }
})* } }
alls! { Unaggregated: [S, K] Grouped<S, K>; Unreturned: [M] Insert<M>; Unreturned: [M] Update<M>; Unreturned: [M] Delete<M>; }
