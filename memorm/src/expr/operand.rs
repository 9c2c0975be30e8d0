//! What may stand on the right: literals, columns, expressions; lists for `in_`.
use super::code::{Code, Step};
use super::column::Column;
use super::expression::Expr;
use super::operators::Expression;
use crate::model::{Field, Literal, Model, Scalar, other_literals};
use crate::value::Value;

/// The operand is exactly a `T`: it may be compared, assigned and added.
#[derive(Debug)]
pub struct Exact;
/// The operand is an `Option<T>` beside a `T`: it may be compared only.
#[derive(Debug)]
pub struct Nullable;

/// The right-hand side of a comparison with, or arithmetic on, a `T` within scope `S`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "expected a `{T}`, or a column or expression of that type over `{S}`",
    note = "numbers of another type are converted in Rust: `i64::from(n)`; `None` is found by `.is_none()`; a query as a value ends with `.scalar()`",
    note = "a column of another table needs a join, and there `on(..)` around each side"
)]
pub trait Operand<S, T> {
    /// `Exact` or `Nullable`.
    type Fit;
    // The bound stands here, so that an operator on an opaque column is one mistake and not two.
    #[doc(hidden)]
    fn code(self) -> Code
    where
        T: Field;
}
#[diagnostic::do_not_recommend]
impl<S, T> Operand<S, T> for T {
    type Fit = Exact;
    fn code(self) -> Code
    where
        T: Field,
    {
        Code::literal(self.to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<S, T> Operand<S, T> for &T {
    type Fit = Exact;
    fn code(self) -> Code
    where
        T: Field,
    {
        Code::literal(self.to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<S, T: Scalar> Operand<S, Option<T>> for T {
    type Fit = Exact;
    fn code(self) -> Code {
        Code::literal(self.to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<S, T: Scalar> Operand<S, Option<T>> for &T {
    type Fit = Exact;
    fn code(self) -> Code {
        Code::literal(self.to_value())
    }
}

macro_rules! literals { ($([$($g:tt)*] $from:ty => $to:ty, $v:ident => $e:expr;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<S, $($g)*> Operand<S, $to> for $from {
        type Fit = Exact;
        fn code(self) -> Code {
            Code::literal(Literal::<$to>::into_field(self).to_value())
        }
    }
    #[diagnostic::do_not_recommend]
    impl<S, $($g)*> Operand<S, Option<$to>> for $from {
        type Fit = Exact;
        fn code(self) -> Code {
            Code::literal(Literal::<$to>::into_field(self).to_value())
        }
    }
)* } }
other_literals!(literals);

// A column or an expression: of the type itself; of `T` for `Option<T>`; of `Option<T>` for `T` (comparisons).
macro_rules! references { ($($Self:ident [$S:ident $(: $Bound:ident)?])*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$S $(: $Bound)?, T: 'static> Operand<$S, T> for $Self<$S, T> {
        type Fit = Exact;
        fn code(self) -> Code
        where
            T: Field,
        {
            Expression::into_code(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$S $(: $Bound)?, T: Scalar> Operand<$S, Option<T>> for $Self<$S, T> {
        type Fit = Exact;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$S $(: $Bound)?, T: Scalar> Operand<$S, T> for $Self<$S, Option<T>> {
        type Fit = Nullable;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
)* } }
references! { Column [M: Model] Expr [S] }

/// An operand that is exactly a `T`, under a name and with a message for each place where one is needed.
macro_rules! exact_operands { ($($(#[$meta:meta])* $Trait:ident)*) => { $(
    $(#[$meta])*
    pub trait $Trait<S, T> {
        #[doc(hidden)]
        fn code_exact(self) -> Code
        where
            T: Field;
    }
    #[diagnostic::do_not_recommend]
    impl<S, T, V: Operand<S, T, Fit = Exact>> $Trait<S, T> for V {
        fn code_exact(self) -> Code
        where
            T: Field,
        {
            self.code()
        }
    }
)* } }
exact_operands! {
    /// What `set` takes: a value, column or expression that is exactly a `T`.
    #[diagnostic::on_unimplemented(
        message = "a column of type `{T}` cannot be set to `{Self}`",
        label = "expected a `{T}`, or a column or expression of that type over `{S}`",
        note = "a value that may be `None` needs a default: `.coalesce(..)`"
    )]
    Assign
    /// What stands on the right of `+ - * / %`: a value, column or expression that is exactly a `T`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot stand in arithmetic with a `{T}`",
        label = "expected a `{T}`, or a column or expression of that type over `{S}`",
        note = "a value that may be `None` needs a default: `.coalesce(..)`"
    )]
    NumberOperand
    /// What a later branch of a `case` takes: a value, column or expression that is exactly a `T`.
    #[diagnostic::on_unimplemented(
        message = "a `case` that gives `{T}` cannot give `{Self}`",
        label = "expected a `{T}`, or a column or expression of that type over `{S}`",
        note = "the first branch decides the type; a value that may be `None` needs a default: `.coalesce(..)`"
    )]
    BranchValue
    /// What `coalesce` takes: a value, column or expression that is exactly a `T`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot stand for the `None` of a `{T}`",
        label = "expected a `{T}`, or a column or expression of that type over `{S}`"
    )]
    Fallback
}

/// What `in_` takes: an array, `Vec`, set, range, slice or any other iterable of literals.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of `{T}`",
    label = "expected an array, `Vec`, set or iterator of `{T}`, or a `select` of one column"
)]
pub trait List<T> {
    #[doc(hidden)]
    fn within(self, left: Code) -> Code;
}
#[diagnostic::do_not_recommend]
impl<T: Field, L: IntoIterator<Item: Literal<T>>> List<T> for L {
    fn within(self, left: Code) -> Code {
        within_values(left, self.into_iter().map(|v| v.into_field().to_value()).collect())
    }
}

fn within_values(left: Code, mut values: Vec<Value>) -> Code {
    let given = values.len();
    values.retain(|v| !v.is_null());
    let had_null = values.len() < given;
    values.sort_unstable();
    values.dedup();
    left.and_step(Step::InValues(values.into(), had_null))
}
