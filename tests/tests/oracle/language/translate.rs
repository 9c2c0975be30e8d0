//! The language as memorm's own expressions.
use super::subject::Visitor;
use super::value::Cellular;
use super::{Arg, Cmp, Cond, Exp, Kind, Like, Math, Subject, Val};
use memorm::expr::Order;
use memorm::model::{Model, Number, Scalar};
use memorm::prelude::{Column, Expr, Expression, Field, Filter, case};
use std::any::Any;

/// An expression of type `T` or `Option<T>`.
pub enum Side<M, T> {
    Plain(Expr<M, T>),
    Maybe(Expr<M, Option<T>>),
}

/// An expression of any type.
pub enum Typed<M> {
    Bool(Side<M, bool>),
    Small(Side<M, i8>),
    Int(Side<M, i64>),
    Float(Side<M, f64>),
    Text(Side<M, String>),
}

/// The right-hand side.
enum Right<M, T> {
    Side(Side<M, T>),
    Literal(Option<T>),
}

/// Turns a column into an expression.
struct AsTyped;

impl<M: Model> Visitor<M> for AsTyped {
    type Out = Typed<M>;
    fn visit<T: Field + Cellular>(self, column: Column<M, T>) -> Typed<M> {
        let of: Box<dyn Any> = Box::new(column.expr());
        macro_rules! side {
            ($t:ty, $Kind:ident) => {
                match of.downcast::<Expr<M, $t>>() {
                    Ok(plain) => Typed::$Kind(Side::Plain(*plain)),
                    Err(of) => {
                        Typed::$Kind(Side::Maybe(*of.downcast().expect("a column is plain or nullable")))
                    }
                }
            };
        }
        match <T as Cellular>::KIND {
            Kind::Bool => side!(bool, Bool),
            Kind::Small => side!(i8, Small),
            Kind::Int => side!(i64, Int),
            Kind::Float => side!(f64, Float),
            Kind::Text => side!(String, Text),
        }
    }
}

/// Does the same to a side of any type.
macro_rules! each {
    ($typed:expr, |$side:ident| $do:expr) => {
        match $typed {
            Typed::Bool($side) => $do,
            Typed::Small($side) => $do,
            Typed::Int($side) => $do,
            Typed::Float($side) => $do,
            Typed::Text($side) => $do,
        }
    };
}

/// Does the same to an expression, nullable or not.
macro_rules! inside {
    ($side:expr, |$expr:ident| $do:expr) => {
        match $side {
            Side::Plain($expr) => $do,
            Side::Maybe($expr) => $do,
        }
    };
}

/// Maps an expression, and keeps whether it is nullable.
macro_rules! map {
    ($side:expr, |$expr:ident| $do:expr) => {
        match $side {
            Side::Plain($expr) => Side::Plain($do),
            Side::Maybe($expr) => Side::Maybe($do),
        }
    };
}

fn ill_typed<T>(what: &str) -> T {
    panic!("ill-typed program: {what}")
}

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

fn compare<M: Model, T: Scalar>(by: Cmp, left: Side<M, T>, right: Right<M, T>) -> Filter<M> {
    match by {
        Cmp::Eq => against!(left, right, eq),
        Cmp::Ne => against!(left, right, ne),
        Cmp::Lt => against!(left, right, lt),
        Cmp::Le => against!(left, right, le),
        Cmp::Gt => against!(left, right, gt),
        Cmp::Ge => against!(left, right, ge),
    }
}

fn distinct<M: Model, T: Scalar>(left: Side<M, T>, right: Right<M, T>) -> Filter<M> {
    against!(left, right, is_distinct_from)
}

fn between<M: Model, T: Scalar>(of: Side<M, T>, low: Right<M, T>, high: Right<M, T>) -> Filter<M> {
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

fn within<M: Model, T: Scalar>(of: Side<M, T>, list: Vec<Option<T>>) -> Filter<M> {
    let plain: Option<Vec<T>> = list.iter().cloned().collect();
    match (of, plain) {
        (Side::Plain(of), Some(list)) => of.in_(list),
        (Side::Plain(of), None) => widen(of).in_(list),
        (Side::Maybe(of), Some(list)) => of.in_(list),
        (Side::Maybe(of), None) => of.in_(list),
    }
}

fn without<M: Model, T: Scalar>(of: Side<M, T>, list: Vec<Option<T>>) -> Filter<M> {
    let plain: Option<Vec<T>> = list.iter().cloned().collect();
    match (of, plain) {
        (Side::Plain(of), Some(list)) => of.not_in(list),
        (Side::Plain(of), None) => widen(of).not_in(list),
        (Side::Maybe(of), Some(list)) => of.not_in(list),
        (Side::Maybe(of), None) => of.not_in(list),
    }
}

fn math<M: Model, T: Number>(by: Math, left: Side<M, T>, right: Right<M, T>) -> Side<M, T> {
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

fn coalesce<M: Model, T: Scalar>(of: Side<M, T>, default: Right<M, T>) -> Side<M, T> {
    Side::Plain(match (of, default) {
        (Side::Plain(of), Right::Literal(Some(default))) => of.coalesce(default),
        (Side::Maybe(of), Right::Literal(Some(default))) => of.coalesce(default),
        (Side::Plain(of), Right::Side(Side::Plain(default))) => of.coalesce(default),
        (Side::Maybe(of), Right::Side(Side::Plain(default))) => of.coalesce(default),
        _ => ill_typed("a default that may be `None`"),
    })
}

fn choose<M: Model, T: Scalar>(when: Filter<M>, then: Side<M, T>, otherwise: Option<T>) -> Side<M, T> {
    match (then, otherwise) {
        (Side::Plain(then), Some(otherwise)) => Side::Plain(case().when(when, then).otherwise(otherwise)),
        (Side::Plain(then), None) => Side::Maybe(case().when(when, then).end()),
        (Side::Maybe(then), Some(otherwise)) => Side::Maybe(case().when(when, then).otherwise(otherwise)),
        (Side::Maybe(then), None) => Side::Maybe(case().when(when, then).end()),
    }
}

fn literal<T: Cellular>(val: &Val) -> Option<T>
where
    Option<T>: Cellular,
{
    Cellular::from_val(val)
}

macro_rules! right {
    ($M:ty, $arg:expr, $Kind:ident) => {
        match $arg {
            Arg::Lit(val) => Right::Literal(literal(val)),
            Arg::Of(exp) => match value::<$M>(exp) {
                Typed::$Kind(side) => Right::Side(side),
                _ => ill_typed("two sides of two types"),
            },
        }
    };
}

/// A left side of any type with a right side of the same.
macro_rules! pair {
    ($M:ty, $left:expr, $right:expr, |$a:ident, $b:ident| $do:expr) => {
        match value::<$M>($left) {
            Typed::Bool($a) => {
                let $b = right!($M, $right, Bool);
                $do
            }
            Typed::Small($a) => {
                let $b = right!($M, $right, Small);
                $do
            }
            Typed::Int($a) => {
                let $b = right!($M, $right, Int);
                $do
            }
            Typed::Float($a) => {
                let $b = right!($M, $right, Float);
                $do
            }
            Typed::Text($a) => {
                let $b = right!($M, $right, Text);
                $do
            }
        }
    };
}

macro_rules! numeric {
    ($typed:expr, |$side:ident| $do:expr) => {
        match $typed {
            Typed::Small($side) => Typed::Small($do),
            Typed::Int($side) => Typed::Int($do),
            Typed::Float($side) => Typed::Float($do),
            _ => ill_typed("arithmetic on what is no number"),
        }
    };
}

fn text<M: Subject>(exp: &Exp) -> Side<M, String> {
    match value(exp) {
        Typed::Text(side) => side,
        _ => ill_typed("a text operator on what is no text"),
    }
}

/// The value as memorm's expression.
pub fn value<M: Subject>(exp: &Exp) -> Typed<M> {
    match exp {
        Exp::Col(column) => M::visit(*column, AsTyped),
        Exp::Math(by, left, right) => match value::<M>(left) {
            Typed::Small(left) => Typed::Small(math(*by, left, right!(M, &**right, Small))),
            Typed::Int(left) => Typed::Int(math(*by, left, right!(M, &**right, Int))),
            Typed::Float(left) => Typed::Float(math(*by, left, right!(M, &**right, Float))),
            _ => ill_typed("arithmetic on what is no number"),
        },
        Exp::Neg(of) => numeric!(value::<M>(of), |side| map!(side, |e| -e)),
        Exp::Abs(of) => numeric!(value::<M>(of), |side| map!(side, |e| e.abs())),
        Exp::Round(of) => numeric!(value::<M>(of), |side| map!(side, |e| e.round())),
        Exp::Lower(of) => Typed::Text(map!(text(of), |e| e.lower())),
        Exp::Upper(of) => Typed::Text(map!(text(of), |e| e.upper())),
        Exp::Trim(of) => Typed::Text(map!(text(of), |e| e.trim())),
        Exp::Length(of) => Typed::Int(map!(text(of), |e| e.length())),
        Exp::Coalesce(of, default) => match value::<M>(of) {
            Typed::Bool(of) => Typed::Bool(coalesce(of, right!(M, &**default, Bool))),
            Typed::Small(of) => Typed::Small(coalesce(of, right!(M, &**default, Small))),
            Typed::Int(of) => Typed::Int(coalesce(of, right!(M, &**default, Int))),
            Typed::Float(of) => Typed::Float(coalesce(of, right!(M, &**default, Float))),
            Typed::Text(of) => Typed::Text(coalesce(of, right!(M, &**default, Text))),
        },
        Exp::Case(when, then, otherwise) => {
            let (when, otherwise) = (condition(when), otherwise.as_ref().unwrap_or(&Val::Null));
            match value::<M>(then) {
                Typed::Bool(then) => Typed::Bool(choose(when, then, literal(otherwise))),
                Typed::Small(then) => Typed::Small(choose(when, then, literal(otherwise))),
                Typed::Int(then) => Typed::Int(choose(when, then, literal(otherwise))),
                Typed::Float(then) => Typed::Float(choose(when, then, literal(otherwise))),
                Typed::Text(then) => Typed::Text(choose(when, then, literal(otherwise))),
            }
        }
    }
}

/// The condition as memorm's filter.
pub fn condition<M: Subject>(cond: &Cond) -> Filter<M> {
    match cond {
        Cond::Compare(by, left, right) => pair!(M, left, right, |a, b| compare(*by, a, b)),
        Cond::Distinct(left, right) => pair!(M, left, right, |a, b| distinct(a, b)),
        Cond::Between(of, low, high) => match value::<M>(of) {
            Typed::Bool(of) => between(of, right!(M, low, Bool), right!(M, high, Bool)),
            Typed::Small(of) => between(of, right!(M, low, Small), right!(M, high, Small)),
            Typed::Int(of) => between(of, right!(M, low, Int), right!(M, high, Int)),
            Typed::Float(of) => between(of, right!(M, low, Float), right!(M, high, Float)),
            Typed::Text(of) => between(of, right!(M, low, Text), right!(M, high, Text)),
        },
        Cond::In(of, list) => each!(value::<M>(of), |of| within(of, list.iter().map(literal).collect())),
        Cond::NotIn(of, list) => each!(value::<M>(of), |of| without(of, list.iter().map(literal).collect())),
        Cond::IsNone(of) => each!(value::<M>(of), |of| inside!(of, |e| e.is_none())),
        Cond::IsSome(of) => each!(value::<M>(of), |of| inside!(of, |e| e.is_some())),
        Cond::Match(by, left, right) => inside!(text::<M>(left), |of| match (right, by) {
            (Arg::Lit(Val::Txt(with)), by) => match_text(*by, of, with.as_str()),
            (Arg::Of(with), by) => match text::<M>(with) {
                Side::Plain(with) => match_text(*by, of, with),
                Side::Maybe(with) => match_text(*by, of, with),
            },
            (Arg::Lit(other), _) => ill_typed(&format!("a pattern {other:?}")),
        }),
        Cond::Flag(of) => match value::<M>(of) {
            Typed::Bool(Side::Plain(flag)) => memorm::expr::Predicate::into_filter(flag),
            Typed::Bool(Side::Maybe(flag)) => memorm::expr::Predicate::into_filter(flag),
            _ => ill_typed("a flag that is no bool"),
        },
        Cond::And(a, b) => condition::<M>(a) & condition::<M>(b),
        Cond::Or(a, b) => condition::<M>(a) | condition::<M>(b),
        Cond::Not(a) => !condition::<M>(a),
    }
}

fn match_text<M: Model, T>(by: Like, of: Expr<M, T>, with: impl memorm::expr::Operand<M, String>) -> Filter<M>
where
    T: Field<Base = String>,
{
    match by {
        Like::Like => of.like(with),
        Like::NotLike => of.not_like(with),
        Like::Ilike => of.ilike(with),
        Like::StartsWith => of.starts_with(with),
        Like::EndsWith => of.ends_with(with),
        Like::Contains => of.contains(with),
    }
}

/// A sort key.
pub fn sort_key<M: Subject>(exp: &Exp, descending: bool, nulls_first: Option<bool>) -> Order<M> {
    let order = each!(value::<M>(exp), |side| inside!(side, |e| if descending { e.desc() } else { e.asc() }));
    match nulls_first {
        Some(true) => order.nulls_first(),
        Some(false) => order.nulls_last(),
        None => order,
    }
}
