//! The language's words: values, conditions.
use super::{Boxed, Listed, Val};

/// A value for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Exp {
    /// A column, by its place.
    Col(u8),
    /// Arithmetic.
    Math(Math, Boxed<Exp>, Boxed<Arg>),
    Neg(Boxed<Exp>),
    Abs(Boxed<Exp>),
    Round(Boxed<Exp>),
    Lower(Boxed<Exp>),
    Upper(Boxed<Exp>),
    Trim(Boxed<Exp>),
    Length(Boxed<Exp>),
    Coalesce(Boxed<Exp>, Boxed<Arg>),
    /// `case().when(condition, value)`, with `otherwise(value)` or `end()`.
    Case(Boxed<Cond>, Boxed<Exp>, Option<Val>),
    /// What a condition is, `None` where it is unknown.
    Truth(Boxed<Cond>),
}

/// What stands on the right.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    Lit(Val),
    Of(Exp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Math {
    Plus,
    Minus,
    Times,
    Over,
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A test of text against text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Like {
    Alike,
    Unlike,
    AnyCase,
    StartsWith,
    EndsWith,
    Contains,
}

/// True, false or unknown for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    Compare(Cmp, Exp, Arg),
    Between(Exp, Arg, Arg),
    In(Exp, Listed<Val>),
    NotIn(Exp, Listed<Val>),
    IsNone(Exp),
    IsSome(Exp),
    Distinct(Exp, Arg),
    Match(Like, Exp, Arg),
    /// A `bool` column or expression as a condition.
    Flag(Exp),
    And(Boxed<Cond>, Boxed<Cond>),
    Or(Boxed<Cond>, Boxed<Cond>),
    Not(Boxed<Cond>),
}
