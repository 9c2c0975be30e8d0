//! memorm's operators on expressions that may be nullable: the type of each side decides what may stand beside it.
use super::translate::{Right, Side, ill_typed};
use super::{Cmp, Math};
use memorm::model::{Model, Number, Scalar};
use memorm::prelude::{Expr, Expression, Filter, case};

/// A plain expression as a nullable one.
fn widen<M: Model, T: Scalar>(plain: Expr<M, T>) -> Expr<M, Option<T>> {
    case().when(plain.clone().is_some() | plain.clone().is_none(), plain).end()
}

impl<M: Model, T: Scalar> Side<M, T> {
    fn into_maybe(self) -> Expr<M, Option<T>> {
        match self {
            Self::Plain(plain) => widen(plain),
            Self::Maybe(maybe) => maybe,
        }
    }
}

/// Runs a test with every right-hand side that its left one takes.
macro_rules! against {
    ($left:expr, $right:expr, $method:ident) => {
        match ($left, $right) {
            (Side::Plain(a), Right::Side(Side::Plain(b))) => a.$method(b),
            (Side::Plain(a), Right::Side(Side::Maybe(b))) => a.$method(b),
            (Side::Plain(a), Right::Literal(Some(b))) => a.$method(b),
            (Side::Plain(a), Right::Literal(None)) => widen(a).$method(None),
            (Side::Maybe(a), Right::Side(Side::Plain(b))) => a.$method(b),
            (Side::Maybe(a), Right::Side(Side::Maybe(b))) => a.$method(b),
            (Side::Maybe(a), Right::Literal(Some(b))) => a.$method(b),
            (Side::Maybe(a), Right::Literal(None)) => a.$method(None),
        }
    };
}

pub fn compare<M: Model, T: Scalar>(by: Cmp, left: Side<M, T>, right: Right<M, T>) -> Filter<M> {
    match by {
        Cmp::Eq => against!(left, right, eq),
        Cmp::Ne => against!(left, right, ne),
        Cmp::Lt => against!(left, right, lt),
        Cmp::Le => against!(left, right, le),
        Cmp::Gt => against!(left, right, gt),
        Cmp::Ge => against!(left, right, ge),
    }
}

pub fn distinct<M: Model, T: Scalar>(left: Side<M, T>, right: Right<M, T>) -> Filter<M> {
    against!(left, right, is_distinct_from)
}

pub fn between<M: Model, T: Scalar>(of: Side<M, T>, low: Right<M, T>, high: Right<M, T>) -> Filter<M> {
    match (of, low, high) {
        (Side::Plain(of), Right::Literal(Some(low)), Right::Literal(Some(high))) => of.between(low, high),
        (Side::Plain(of), Right::Side(Side::Plain(low)), Right::Literal(Some(high))) => of.between(low, high),
        (Side::Plain(of), Right::Literal(Some(low)), Right::Side(Side::Plain(high))) => of.between(low, high),
        (Side::Maybe(of), Right::Literal(low), Right::Literal(high)) => of.between(low, high),
        (of, low, high) => {
            let wide = |right| match right {
                Right::Side(side) => side.into_maybe(),
                Right::Literal(_) => ill_typed("between an expression and a literal `None`"),
            };
            match (low, high) {
                (Right::Literal(low), Right::Literal(high)) => of.into_maybe().between(low, high),
                (Right::Literal(low), high) => of.into_maybe().between(low, wide(high)),
                (low, Right::Literal(high)) => of.into_maybe().between(wide(low), high),
                (low, high) => of.into_maybe().between(wide(low), wide(high)),
            }
        }
    }
}

pub fn within<M: Model, T: Scalar>(of: Side<M, T>, list: Vec<Option<T>>) -> Filter<M> {
    let plain: Option<Vec<T>> = list.iter().cloned().collect();
    match (of, plain) {
        (Side::Plain(of), Some(list)) => of.in_(list),
        (Side::Plain(of), None) => widen(of).in_(list),
        (Side::Maybe(of), Some(list)) => of.in_(list),
        (Side::Maybe(of), None) => of.in_(list),
    }
}

pub fn without<M: Model, T: Scalar>(of: Side<M, T>, list: Vec<Option<T>>) -> Filter<M> {
    let plain: Option<Vec<T>> = list.iter().cloned().collect();
    match (of, plain) {
        (Side::Plain(of), Some(list)) => of.not_in(list),
        (Side::Plain(of), None) => widen(of).not_in(list),
        (Side::Maybe(of), Some(list)) => of.not_in(list),
        (Side::Maybe(of), None) => of.not_in(list),
    }
}

pub fn math<M: Model, T: Number>(by: Math, left: Side<M, T>, right: Right<M, T>) -> Side<M, T> {
    macro_rules! operator {
        ($op:tt) => {
            match (left, right) {
                (Side::Plain(a), Right::Side(Side::Plain(b))) => Side::Plain(a $op b),
                (Side::Plain(a), Right::Literal(Some(b))) => Side::Plain(a $op b),
                (Side::Plain(a), Right::Side(Side::Maybe(b))) => Side::Maybe(widen(a) $op b),
                (Side::Plain(a), Right::Literal(None)) => Side::Maybe(widen(a) $op None),
                (Side::Maybe(a), Right::Side(Side::Plain(b))) => Side::Maybe(a $op b),
                (Side::Maybe(a), Right::Side(Side::Maybe(b))) => Side::Maybe(a $op b),
                (Side::Maybe(a), Right::Literal(b)) => Side::Maybe(a $op b),
            }
        };
    }
    match by {
        Math::Plus => operator!(+),
        Math::Minus => operator!(-),
        Math::Times => operator!(*),
        Math::Over => operator!(/),
        Math::Rest => operator!(%),
    }
}

pub fn coalesce<M: Model, T: Scalar>(of: Side<M, T>, default: Right<M, T>) -> Side<M, T> {
    Side::Plain(match (of, default) {
        (Side::Plain(of), Right::Literal(Some(default))) => of.coalesce(default),
        (Side::Maybe(of), Right::Literal(Some(default))) => of.coalesce(default),
        (Side::Plain(of), Right::Side(Side::Plain(default))) => of.coalesce(default),
        (Side::Maybe(of), Right::Side(Side::Plain(default))) => of.coalesce(default),
        _ => ill_typed("a default that may be `None`"),
    })
}

pub fn choose<M: Model, T: Scalar>(when: Filter<M>, then: Side<M, T>, otherwise: Option<T>) -> Side<M, T> {
    match (then, otherwise) {
        (Side::Plain(then), Some(otherwise)) => Side::Plain(case().when(when, then).otherwise(otherwise)),
        (Side::Plain(then), None) => Side::Maybe(case().when(when, then).end()),
        (Side::Maybe(then), Some(otherwise)) => Side::Maybe(case().when(when, then).otherwise(otherwise)),
        (Side::Maybe(then), None) => Side::Maybe(case().when(when, then).end()),
    }
}
