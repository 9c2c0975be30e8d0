//! `Filter<S>`: a condition; `&`, `|`, `!` on conditions and `bool` columns.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::op::Op;
use super::operators::Expression;
use super::scope::{Scope, Within};
use crate::model::Model;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

/// A condition over scope `S`: true, false or unknown for each row; only true rows pass.
///
/// Anywhere but in a filter it is a value, an `Option<bool>`: it can be selected, named, sorted and grouped by, counted,
/// compared, set, and be the value of a `case`. Where it is unknown, the value is `None`.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key)]
///     id: u64,
///     qty: i64,
///     active: bool,
/// }
/// let filter = (Item::QTY * 2).gt(6) & Item::ACTIVE;
/// assert_eq!(filter.inspect().to_string(), "qty * 2 > 6 and active");
///
/// let db = Database::new();
/// db.transaction(|s| s.add_all([Item { id: 1, qty: 3, active: true }, Item { id: 2, qty: 4, active: true }]))?;
/// assert_eq!(select::<Item>().select((Item::ID, filter)).all(&db)?, [(1, Some(false)), (2, Some(true))]);
/// # Ok::<_, memorm::Error>(())
/// ```
#[must_use = "a filter does nothing until it is handed to `.filter(..)`"]
pub struct Filter<S>(Code, PhantomData<fn() -> S>);

impl<S> Filter<S> {
    pub(crate) fn new(code: Code) -> Self {
        Self(code, PhantomData)
    }
    pub(super) fn apply(left: Code, op: Op, right: Code) -> Self {
        Self::new(left.with(right, op))
    }
    /// Borrows the condition as data. `to_string()` on it prints the condition.
    pub fn inspect(&self) -> &Code {
        &self.0
    }
    /// Turns the condition into a value: `None` where it is unknown.
    pub fn expr(self) -> Expr<S, Option<bool>> {
        Expr::new(self.0)
    }
    pub(crate) fn into_code(self) -> Code {
        self.0
    }
    /// The condition for the places that its tables have in `T`.
    pub(crate) fn placed<T: Scope, Side>(self) -> Code
    where
        S: Within<T, Side>,
    {
        S::lift(self.0)
    }
}
impl<S> Clone for Filter<S> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}
impl<S> fmt::Debug for Filter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({})", self.0)
    }
}

/// What `.filter(..)` takes: a [`Filter`], or a `bool` column or expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a filter or a `bool` column",
    note = "compare it: `.eq(..)`, `.gt(..)`, `.like(..)`, `.is_none()`; join conditions with `&` and `|`, not `&&` and `||`; a closure goes to `.filter_with(..)`"
)]
pub trait Predicate {
    /// What the condition ranges over.
    type Scope;
    #[doc(hidden)]
    fn into_filter(self) -> Filter<Self::Scope>;
}
#[diagnostic::do_not_recommend]
impl<S> Predicate for Filter<S> {
    type Scope = S;
    fn into_filter(self) -> Filter<S> {
        self
    }
}

/// A condition over exactly the scope `S`: what `&` and `|` take on the right.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be combined with a condition over `{S}`",
    label = "expected a condition over `{S}`",
    note = "compare a column: `.eq(..)`, `.gt(..)`; a condition over two tables needs a join, and there `on(..)` around each side"
)]
pub trait Condition<S> {
    #[doc(hidden)]
    fn condition(self) -> Filter<S>;
}
#[diagnostic::do_not_recommend]
impl<S> Condition<S> for Filter<S> {
    fn condition(self) -> Filter<S> {
        self
    }
}

impl<S, R: Condition<S>> BitAnd<R> for Filter<S> {
    type Output = Self;
    fn bitand(self, other: R) -> Self {
        Self::new(self.0.join(other.condition().0, Op::And))
    }
}
impl<S, R: Condition<S>> BitOr<R> for Filter<S> {
    type Output = Self;
    fn bitor(self, other: R) -> Self {
        Self::new(self.0.join(other.condition().0, Op::Or))
    }
}
impl<S> Not for Filter<S> {
    type Output = Self;
    fn not(self) -> Self {
        Self::new(self.0.then(Op::Not))
    }
}

macro_rules! bool_conditions { ($([$($g:tt)*] $T:ty, $S:ident;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Condition<$S> for $T {
        fn condition(self) -> Filter<$S> {
            Filter::new(self.into_code())
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Predicate for $T {
        type Scope = $S;
        fn into_filter(self) -> Filter<$S> {
            self.condition()
        }
    }
    impl<$($g)*, R: Condition<$S>> BitAnd<R> for $T {
        type Output = Filter<$S>;
        fn bitand(self, other: R) -> Filter<$S> {
            self.condition() & other
        }
    }
    impl<$($g)*, R: Condition<$S>> BitOr<R> for $T {
        type Output = Filter<$S>;
        fn bitor(self, other: R) -> Filter<$S> {
            self.condition() | other
        }
    }
    impl<$($g)*> Not for $T {
        type Output = Filter<$S>;
        fn not(self) -> Filter<$S> {
            !self.condition()
        }
    }
)* } }
bool_conditions! {
    [M: Model] Column<M, bool>, M;
    [M: Model] Column<M, Option<bool>>, M;
    [S] Expr<S, bool>, S;
    [S] Expr<S, Option<bool>>, S;
}
