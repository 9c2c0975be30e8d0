//! `Op`: the operators of expressions.
use crate::value::Kind;

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Op {
    /// `left ? right`; unknown where a side is `None`.
    Compare(Comparison),
    /// `value, low, high`: within both ends, the value computed once.
    Between,
    /// Differs, where two `None` are equal. Never unknown.
    IsDistinct,
    /// Is `None`. Never unknown.
    IsNull,
    /// Is true: of unknown, false. Never unknown.
    IsTrue,
    /// Both, three-valued.
    And,
    /// One of both, three-valued.
    Or,
    /// Not, three-valued.
    Not,
    /// Arithmetic in the given kind: a result outside of it is an error.
    Arithmetic(Arithmetic, Kind),
    /// Unary minus in the given kind.
    Negate(Kind),
    /// Absolute value in the given kind.
    Abs(Kind),
    /// To the nearest whole number: ties to even for floats, away from zero for decimals.
    Round(Kind),
    /// A test of text against a pattern.
    Text(TextTest),
    /// Lower case by Unicode simple mapping.
    Lower,
    /// Upper case by Unicode simple mapping.
    Upper,
    /// Without blanks at both ends.
    Trim,
    /// Length in characters.
    Length,
    /// The left value, or the right one where it is `None`.
    Coalesce,
    /// `condition, value`: the value where the condition is true, else no branch taken yet.
    When,
    /// `case so far, condition, value`: the next branch.
    OrWhen,
    /// `case so far, value`: the value where no branch was taken.
    Otherwise,
    /// `case so far`: `None` where no branch was taken.
    EndCase,
    /// `document, path`: a part of a JSON document.
    JsonPath,
    /// A part of a value of that kind: a timestamp, in UTC, or a date, a time, or both.
    DatePart(DatePart, Kind),
}

/// A comparison by the total order of [`Value`](crate::value::Value).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators' usual names")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators' usual names")]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// A test of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// `%` matches any text, `_` one character, `\` escapes.
    Like,
    /// `Like`, blind to case.
    ILike,
    /// Begins with.
    StartsWith,
    /// Ends with.
    EndsWith,
    /// Holds.
    Contains,
}

/// A part of a timestamp, in UTC, or of a date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the parts' usual names")]
pub enum DatePart {
    Date,
    Year,
    Month,
    Day,
    Hour,
}

impl Op {
    /// Returns how many values the operator takes.
    pub fn arity(self) -> usize {
        match self {
            Self::IsNull
            | Self::IsTrue
            | Self::Not
            | Self::Negate(_)
            | Self::Abs(_)
            | Self::Round(_)
            | Self::Lower
            | Self::Upper
            | Self::Trim
            | Self::Length
            | Self::EndCase
            | Self::DatePart(..) => 1,
            Self::Between | Self::OrWhen => 3,
            _ => 2,
        }
    }

    /// Whether the operator can meet values that it has no result for.
    pub(super) fn can_fail(self) -> bool {
        match self {
            Self::Arithmetic(Arithmetic::Div | Arithmetic::Rem, _) => true,
            Self::Arithmetic(_, kind) => !kind.is_float(),
            Self::Negate(kind) | Self::Abs(kind) => !kind.is_float(),
            Self::Text(TextTest::Like | TextTest::ILike) | Self::JsonPath => true,
            _ => false,
        }
    }
}
