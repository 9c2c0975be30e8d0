//! `+ - * / %` and unary `-`. Both operands have the same type; `{integer}` infers.
use super::code::{Arithmetic, Op};
use super::column::Column;
use super::expression::Expr;
use super::operand::NumberOperand;
use super::operators::Expression;
use crate::model::{Field, Model, Number};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

macro_rules! arithmetic {
    (impl [$($g:tt)*] for $Self:ident<$S:ident>) => {
        arithmetic! { @binary [$($g)*] $Self<$S> Add add }
        arithmetic! { @binary [$($g)*] $Self<$S> Sub sub }
        arithmetic! { @binary [$($g)*] $Self<$S> Mul mul }
        arithmetic! { @binary [$($g)*] $Self<$S> Div div }
        arithmetic! { @binary [$($g)*] $Self<$S> Rem rem }
        impl<$($g)*, T: Field<Base: Number>> Neg for $Self<$S, T> {
            type Output = Expr<$S, T>;
            fn neg(self) -> Self::Output {
                Expr::new(self.into_code().then(Op::Negate(T::KIND)))
            }
        }
    };
    (@binary [$($g:tt)*] $Self:ident<$S:ident> $Trait:ident $f:ident) => {
        impl<$($g)*, T, R> $Trait<R> for $Self<$S, T>
        where
            T: Field<Base: Number>,
            R: NumberOperand<$S, T>,
        {
            type Output = Expr<$S, T>;
            fn $f(self, other: R) -> Self::Output {
                Expr::new(self.into_code().with(other.code_exact(), Op::Arithmetic(Arithmetic::$Trait, T::KIND)))
            }
        }
    };
}
arithmetic!(impl [M: Model] for Column<M>);
arithmetic!(impl [S] for Expr<S>);
