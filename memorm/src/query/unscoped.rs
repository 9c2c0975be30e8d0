//! Calls on a `select` of what is no model, or of too much.
//!
//! `select::<Plain>()` is answered where it stands. Without what is here each call on it would be reported as well: not
//! found, since `Plain` is no scope. A method behind `Deref` is looked at after all others, and the compiler, once it has
//! reported a mistake, is silent about a type that it cannot infer: what these methods return.
use super::Select;
use std::fmt;
use std::ops::Deref;

/// What the compiler makes of a `select` after a mistake in it.
#[doc(hidden)]
pub struct Unscoped(());

/// What such a call returns: nothing.
#[diagnostic::on_unimplemented(
    message = "the rows of this query may be anything",
    label = "the query ranges over a type that is not known to be a scope",
    note = "in generic code say so: `fn f<M: Model>(query: Select<M>)`"
)]
pub trait Unknown {
    fn never() -> Self;
}

/// What `with` takes after a join: nothing. `R` is left open, so that no second mistake is reported.
#[diagnostic::on_unimplemented(
    message = "`with` loads what belongs to the rows of one table: it does not follow `join`",
    label = "expected a query of one table",
    note = "a join returns the rows of its tables; to load relations of one of them: `select::<M>().with(..)`"
)]
pub trait Joined<R> {
    fn never(self) -> R;
}

macro_rules! calls { ($($name:ident)*) => { $(
    /// Cannot be called.
    pub fn $name<A, R: Unknown>(&self, _: A) -> R {
        R::never()
    }
)* } }
impl Unscoped {
    calls! { all first one one_or_none count exists explain mappings iter }
    calls! { filter filter_with join left_join order_by select group_by limit offset }
    /// Cannot be called.
    pub fn aggregate<A, B, R: Unknown>(&self, _: A, _: B) -> R {
        R::never()
    }
    /// Cannot be called.
    pub fn with<R>(&self, related: impl Joined<R>) -> R {
        related.never()
    }
}

#[doc(hidden)]
impl<S> Deref for Select<S> {
    type Target = Unscoped;
    fn deref(&self) -> &Unscoped {
        &Unscoped(())
    }
}
impl fmt::Debug for Unscoped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unscoped")
    }
}
