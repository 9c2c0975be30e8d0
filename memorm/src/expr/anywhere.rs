//! Parts that name no table: `exists(query)` and subqueries as values. They fit into every statement.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::filter::{Condition, Filter, Predicate};
use super::op::Op;
use super::operand::{Exact, Nullable, Operand};
use super::operators::Expression;
use super::scope::{Over, Scope, Whole, Within};
use crate::model::{Field, Model, Scalar};
use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

/// The scope of a part that names no table: it is within every other.
#[derive(Clone, Copy, Debug)]
pub struct Anywhere;

#[diagnostic::do_not_recommend]
impl<S: Scope> Within<S, Whole> for Anywhere {
    fn lift(code: Code) -> Code {
        code
    }
}

/// A condition that is the same for every row: what [`exists`](crate::query::exists) gives.
#[derive(Clone)]
#[must_use = "a condition does nothing until it is handed to `.filter(..)`"]
pub struct Exists(Code);

impl Exists {
    pub(crate) fn new(code: Code) -> Self {
        Self(code)
    }
    /// Borrows the condition as data.
    pub fn inspect(&self) -> &Code {
        &self.0
    }
}
impl fmt::Debug for Exists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exists({})", self.0)
    }
}
#[diagnostic::do_not_recommend]
impl Predicate for Exists {
    type Scope = Anywhere;
    fn into_filter(self) -> Filter<Anywhere> {
        Filter::new(self.0)
    }
}
#[diagnostic::do_not_recommend]
impl<S> Condition<S> for Exists {
    fn condition(self) -> Filter<S> {
        Filter::new(self.0)
    }
}
impl Not for Exists {
    type Output = Self;
    fn not(self) -> Self {
        Self(self.0.then(Op::Not))
    }
}

macro_rules! combined { ($($Trait:ident $method:ident;)*) => { $(
    impl<S> $Trait<Filter<S>> for Exists {
        type Output = Filter<S>;
        fn $method(self, other: Filter<S>) -> Filter<S> {
            Condition::<S>::condition(self).$method(other)
        }
    }
    impl<M: Model> $Trait<Column<M, bool>> for Exists {
        type Output = Filter<M>;
        fn $method(self, other: Column<M, bool>) -> Filter<M> {
            Condition::<M>::condition(self).$method(other)
        }
    }
    impl $Trait for Exists {
        type Output = Self;
        fn $method(self, other: Self) -> Self {
            Self(Condition::<Anywhere>::condition(self).$method(other).into_code())
        }
    }
)* } }
combined! { BitAnd bitand; BitOr bitor; }

/// The values and conditions of no table beside those of a statement's scope.
macro_rules! beside { ($([$($g:tt)*] $S:ty;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Condition<$S> for Filter<Anywhere> {
        fn condition(self) -> Filter<$S> {
            Filter::new(self.into_code())
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*, T: 'static> Operand<$S, T> for Expr<Anywhere, T> {
        type Fit = Exact;
        fn code(self) -> Code
        where
            T: Field,
        {
            Expression::into_code(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*, T: Scalar> Operand<$S, Option<T>> for Expr<Anywhere, T> {
        type Fit = Exact;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*, T: Scalar> Operand<$S, T> for Expr<Anywhere, Option<T>> {
        type Fit = Nullable;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
)* } }
beside! { [M: Model] M; [S] Over<S>; }
