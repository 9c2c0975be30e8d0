//! The language as memorm's own expressions.
use super::operate::{between, choose, coalesce, compare, distinct, math, within, without};
use super::subject::Visitor;
use super::value::Cellular;
use super::{Arg, Cond, Exp, Kind, Like, Subject, Val};
use memorm::expr::Order;
use memorm::model::Model;
use memorm::prelude::{Column, Expr, Expression, Field, Filter};
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
pub enum Right<M, T> {
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

pub fn ill_typed<T>(what: &str) -> T {
    panic!("ill-typed program: {what}")
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
        Exp::Truth(of) => Typed::Bool(Side::Maybe(condition(of).expr())),
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
        Like::Alike => of.like(with),
        Like::Unlike => of.not_like(with),
        Like::AnyCase => of.ilike(with),
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
