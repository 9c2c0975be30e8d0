//! What a value or a condition is for one row: three-valued logic, one step at a time.
use super::value::order;
use super::{Arg, Cmp, Cond, Exp, Kind, Like, Math, Plant, Val, text};
use std::cmp::Ordering;

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    DivisionByZero,
    OutOfRange,
    BadPattern,
}

/// A row, and what a stale index would believe it to be.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    pub vals: &'a [Val],
    pub born: &'a [Val],
    pub plant: Plant,
}

impl<'a> Line<'a> {
    pub fn of(vals: &'a [Val]) -> Self {
        Self { vals, born: vals, plant: Plant::Nothing }
    }
}

pub fn value(exp: &Exp, line: Line<'_>) -> Result<Val, Fault> {
    match exp {
        Exp::Col(column) => Ok(line.vals[usize::from(*column)].clone()),
        Exp::Math(math, left, right) => {
            // a fault of one side is a fault, else the absence of one is absence
            let (left, right) = (value(left, line)?, arg(right, line)?);
            if left.is_null() || right.is_null() { Ok(Val::Null) } else { compute(*math, &left, &right) }
        }
        Exp::Neg(of) => match value(of, line)? {
            Val::Float(f) => Ok(Val::Float(-f)),
            Val::Int(i) => i.checked_neg().map(Val::Int).ok_or(Fault::OutOfRange),
            Val::Small(i) => i.checked_neg().map(Val::Small).ok_or(Fault::OutOfRange),
            other => Ok(other),
        },
        Exp::Abs(of) => match value(of, line)? {
            Val::Float(f) => Ok(Val::Float(f.abs())),
            Val::Int(i) => i.checked_abs().map(Val::Int).ok_or(Fault::OutOfRange),
            Val::Small(i) => i.checked_abs().map(Val::Small).ok_or(Fault::OutOfRange),
            other => Ok(other),
        },
        Exp::Round(of) => Ok(match value(of, line)? {
            Val::Float(f) => Val::Float(half_to_even(f)),
            other => other,
        }),
        Exp::Lower(of) => on_text(of, line, |s| Val::Txt(text::lower(s))),
        Exp::Upper(of) => on_text(of, line, |s| Val::Txt(text::upper(s))),
        Exp::Trim(of) => on_text(of, line, |s| Val::Txt(text::trim(s))),
        Exp::Length(of) => on_text(of, line, |s| Val::Int(s.chars().count() as i64)),
        Exp::Coalesce(of, default) => match value(of, line)? {
            Val::Null => arg(default, line),
            there => Ok(there),
        },
        Exp::Truth(of) => Ok(truth(of, line)?.map_or(Val::Null, Val::Bool)),
        Exp::Case(when, then, otherwise) => match truth(when, line)? {
            Some(true) => value(then, line),
            _ => Ok(otherwise.clone().unwrap_or(Val::Null)),
        },
    }
}

pub fn arg(arg: &Arg, line: Line<'_>) -> Result<Val, Fault> {
    match arg {
        Arg::Lit(val) => Ok(val.clone()),
        Arg::Of(exp) => value(exp, line),
    }
}

fn on_text(of: &Exp, line: Line<'_>, f: impl Fn(&str) -> Val) -> Result<Val, Fault> {
    Ok(match value(of, line)? {
        Val::Txt(s) => f(&s),
        other => other,
    })
}

fn half_to_even(f: f64) -> f64 {
    if !f.is_finite() || f.abs() >= 9.0e15 {
        return f;
    }
    let below = f.floor();
    let up = match (f - below).partial_cmp(&0.5) {
        Some(Ordering::Less) => 0.0,
        Some(Ordering::Equal) if below % 2.0 == 0.0 => 0.0,
        _ => 1.0,
    };
    (below + up).copysign(f)
}

fn compute(math: Math, left: &Val, right: &Val) -> Result<Val, Fault> {
    match (left, right) {
        (Val::Float(a), Val::Float(b)) => {
            if matches!(math, Math::Over | Math::Rest) && *b == 0.0 && !a.is_nan() {
                return Err(Fault::DivisionByZero);
            }
            Ok(Val::Float(match math {
                Math::Plus => a + b,
                Math::Minus => a - b,
                Math::Times => a * b,
                Math::Over => a / b,
                Math::Rest => a % b,
            }))
        }
        (Val::Int(a), Val::Int(b)) => {
            let exact = integer(math, i128::from(*a), i128::from(*b))?;
            i64::try_from(exact).map(Val::Int).map_err(|_| Fault::OutOfRange)
        }
        (Val::Small(a), Val::Small(b)) => {
            let exact = integer(math, i128::from(*a), i128::from(*b))?;
            i8::try_from(exact).map(Val::Small).map_err(|_| Fault::OutOfRange)
        }
        (a, b) => panic!("ill-typed program: {a:?} {math:?} {b:?}"),
    }
}

/// With room to spare: 64 bits times 64 bits fit into 128.
fn integer(math: Math, a: i128, b: i128) -> Result<i128, Fault> {
    match math {
        Math::Plus => Ok(a + b),
        Math::Minus => Ok(a - b),
        Math::Times => Ok(a * b),
        _ if b == 0 => Err(Fault::DivisionByZero),
        Math::Over => Ok(a / b),
        Math::Rest => Ok(a % b),
    }
}

/// `None` is unknown.
pub fn truth(cond: &Cond, line: Line<'_>) -> Result<Option<bool>, Fault> {
    match cond {
        Cond::Compare(Cmp::Eq, Exp::Col(column), right) if line.plant == Plant::StaleIndex => {
            Ok(compare(Cmp::Eq, &line.born[usize::from(*column)], &arg(right, line)?, line.plant))
        }
        Cond::Compare(by, left, right) => {
            let (left, right) = (value(left, line)?, arg(right, line)?);
            Ok(compare(*by, &left, &right, line.plant))
        }
        Cond::Between(of, low, high) => {
            let above = Cond::Compare(Cmp::Ge, of.clone(), low.clone());
            let below = Cond::Compare(Cmp::Le, of.clone(), high.clone());
            both(truth(&above, line), truth(&below, line))
        }
        Cond::In(of, list) => is_in(&value(of, line)?, list),
        Cond::NotIn(of, list) => Ok(is_in(&value(of, line)?, list)?.map(|found| !found)),
        Cond::IsNone(of) => Ok(Some(value(of, line)?.is_null())),
        Cond::IsSome(of) => Ok(Some(!value(of, line)?.is_null())),
        Cond::Distinct(left, right) => {
            let (left, right) = (value(left, line)?, arg(right, line)?);
            Ok(Some(match (left.is_null(), right.is_null()) {
                (false, false) => order(&left, &right).is_ne(),
                (a, b) => a != b,
            }))
        }
        Cond::Match(by, left, right) => match (value(left, line)?, arg(right, line)?) {
            (Val::Txt(left), Val::Txt(right)) => text::test(*by, &left, &right).map(Some),
            _ => Ok(None),
        },
        Cond::Flag(of) => Ok(match value(of, line)? {
            Val::Bool(b) => Some(b),
            _ => None,
        }),
        Cond::And(a, b) => both(truth(a, line), truth(b, line)),
        Cond::Or(a, b) => negated(both(negated(truth(a, line)), negated(truth(b, line)))),
        Cond::Not(a) => negated(truth(a, line)),
    }
}

pub type Truth = Result<Option<bool>, Fault>;

fn negated(truth: Truth) -> Truth {
    truth.map(|known| known.map(|yes| !yes))
}

/// False before unknown before an error before true, in any order of operands.
pub fn both(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Ok(Some(false)), _) | (_, Ok(Some(false))) => Ok(Some(false)),
        (Ok(None), _) | (_, Ok(None)) => Ok(None),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
        _ => Ok(Some(true)),
    }
}

fn compare(by: Cmp, left: &Val, right: &Val, plant: Plant) -> Option<bool> {
    if left.is_null() || right.is_null() {
        return (plant == Plant::NullEqualsNull).then(|| left.is_null() == right.is_null() && by == Cmp::Eq);
    }
    let order = order(left, right);
    Some(match by {
        Cmp::Eq => order.is_eq(),
        Cmp::Ne => order.is_ne(),
        Cmp::Lt => order.is_lt(),
        Cmp::Le => order.is_le(),
        Cmp::Gt => order.is_gt(),
        Cmp::Ge => order.is_ge(),
    })
}

fn is_in(of: &Val, list: &[Val]) -> Truth {
    let mut answer = Some(false);
    for one in list {
        match compare(Cmp::Eq, of, one, Plant::Nothing) {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => answer = None,
        }
    }
    Ok(answer)
}

/// Whether an expression over these columns may be `None`; each column says so of itself.
pub fn is_nullable(exp: &Exp, columns: &[super::Info]) -> bool {
    match exp {
        Exp::Col(column) => columns[usize::from(*column)].nullable,
        Exp::Math(_, left, right) => is_nullable(left, columns) || is_nullable_arg(right, columns),
        Exp::Neg(of) | Exp::Abs(of) | Exp::Round(of) => is_nullable(of, columns),
        Exp::Lower(of) | Exp::Upper(of) | Exp::Trim(of) | Exp::Length(of) => is_nullable(of, columns),
        Exp::Coalesce(..) => false,
        Exp::Truth(_) => true,
        Exp::Case(_, then, otherwise) => otherwise.is_none() || is_nullable(then, columns),
    }
}

fn is_nullable_arg(arg: &Arg, columns: &[super::Info]) -> bool {
    match arg {
        Arg::Lit(val) => val.is_null(),
        Arg::Of(exp) => is_nullable(exp, columns),
    }
}

/// The value that stands for `None` where a column cannot hold one.
pub fn zero(kind: Kind) -> Val {
    match kind {
        Kind::Bool => Val::Bool(false),
        Kind::Small => Val::Small(0),
        Kind::Int => Val::Int(0),
        Kind::Float => Val::Float(0.0),
        Kind::Text => Val::Txt(String::new()),
    }
}

/// Whether the text test is a pattern that may be malformed.
pub fn is_pattern(by: Like) -> bool {
    matches!(by, Like::Alike | Like::Unlike | Like::AnyCase)
}
