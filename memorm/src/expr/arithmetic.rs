//! `+ - * / %` and unary `-`. Both operands have the same type; `{integer}` infers.
use super::column::Column;
use super::expression::Expr;
use super::op::{Arithmetic, Op};
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

/// A number on the left: `10 - Item::QTY`.
macro_rules! numbers_first {
    ($($number:ty),*) => { $(
        numbers_first! { @each $number: Add add, Sub sub, Mul mul, Div div, Rem rem }
    )* };
    (@each $number:ty: $($Trait:ident $f:ident),*) => { $(
        numbers_first! { @binary [M: Model] $number, Column<M>: $Trait $f }
        numbers_first! { @binary [S] $number, Expr<S>: $Trait $f }
    )* };
    (@binary [$($g:tt)*] $number:ty, $Other:ident<$S:ident>: $Trait:ident $f:ident) => {
        #[diagnostic::do_not_recommend]
        impl<$($g)*, T> $Trait<$Other<$S, T>> for $number
        where
            T: Field<Base: Number>,
            $number: NumberOperand<$S, T>,
        {
            type Output = Expr<$S, T>;
            fn $f(self, other: $Other<$S, T>) -> Self::Output {
                let operation = Op::Arithmetic(Arithmetic::$Trait, T::KIND);
                Expr::new(self.code_exact().with(other.into_code(), operation))
            }
        }
    };
}
numbers_first!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64);
#[cfg(feature = "rust_decimal")]
numbers_first!(rust_decimal::Decimal);
