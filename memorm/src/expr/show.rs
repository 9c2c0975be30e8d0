//! How expressions look in errors and in `explain`: infix text, with parentheses only where they are needed.
//!
//! The steps are postfix, so that the operands of a step end right before it. A stack of pieces still to be written
//! takes the place of recursion.
use super::code::{Arithmetic, Code, Comparison, DatePart, Op, Step, TextTest};
use super::question::Purpose;
use crate::model::TableMeta;
use crate::value::Value;
use std::fmt::{self, Display, Formatter};

/// Printed values of a list; the rest is counted.
const SHOWN_VALUES: usize = 10;

/// How tightly an operator binds.
mod binding {
    pub(super) const LOOSEST: u8 = 0;
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARISON: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const MINUS: u8 = 7;
    pub(super) const ATOM: u8 = 8;
}
use binding::*;

/// A piece of text that is still to be written.
#[derive(Clone, Copy)]
enum Piece {
    Text(&'static str),
    /// The expression that ends with a step, in parentheses if it binds looser than the number.
    Expression(usize, u8),
    /// The literal at a step.
    Literal(usize),
    /// The values of the list at a step.
    Values(usize),
    /// The question at a step.
    Question(usize),
}
use Piece::{Expression, Literal, Question, Text, Values};

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(last) = self.0.len().checked_sub(1) else { return Ok(()) };
        let starts = self.starts();
        let is_joined = self.0.iter().any(|step| matches!(step, Step::Column { slot: 1.., .. }));
        let mut open = vec![Expression(last, LOOSEST)];
        let mut pieces = Vec::new();
        while let Some(piece) = open.pop() {
            match piece {
                Text(text) => f.write_str(text)?,
                Literal(at) => self.write_literal(at, f)?,
                Values(at) => self.write_values(at, f)?,
                Question(at) => self.write_question(at, f)?,
                Expression(at, needed) => {
                    let bound = self.binding(at);
                    pieces.clear();
                    if bound < needed {
                        pieces.push(Text("("));
                    }
                    match &self.0[at] {
                        Step::Column { slot, table, column } => {
                            if is_joined {
                                pieces.extend([
                                    Text(table.name),
                                    Text(self.ordinal(*slot, table)),
                                    Text("."),
                                ]);
                            }
                            pieces.push(Text(table.column(*column).name));
                        }
                        Step::Literal(_) => pieces.push(Literal(at)),
                        Step::Test(..) => pieces.push(Text("closure")),
                        Step::Map(_) => {
                            pieces.extend([Text("closure("), Expression(at - 1, LOOSEST), Text(")")]);
                        }
                        Step::Subquery(subquery) => match subquery.purpose {
                            Purpose::In => {
                                pieces.extend([Expression(at - 1, SUM), Text(" in "), Question(at)]);
                            }
                            Purpose::Exists => pieces.extend([Text("exists "), Question(at)]),
                            Purpose::Value => pieces.push(Question(at)),
                        },
                        Step::Related(_) | Step::TooDeep(_) => pieces.push(Question(at)),
                        Step::InKeys(..) => self.push_keys(at, " in ", &starts, &mut pieces),
                        Step::Later(_) => self.push_keys(at, " after ", &starts, &mut pieces),
                        Step::InValues(..) => {
                            pieces.extend([Expression(at - 1, SUM), Text(" in "), Values(at)])
                        }
                        Step::Apply(op) => self.push_operator(*op, at, &starts, &mut pieces),
                    }
                    if bound < needed {
                        pieces.push(Text(")"));
                    }
                    open.extend(pieces.drain(..).rev());
                }
            }
        }
        Ok(())
    }
}

impl Code {
    fn binding(&self, at: usize) -> u8 {
        match &self.0[at] {
            Step::Literal(value) if is_negative(value) => MINUS,
            Step::Column { .. } | Step::Literal(_) | Step::Test(..) | Step::Map(_) => ATOM,
            Step::InValues(..) | Step::InKeys(..) | Step::Later(_) | Step::Related(_) => COMPARISON,
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => COMPARISON,
            Step::Subquery(_) | Step::TooDeep(_) => ATOM,
            Step::Apply(op) => match op {
                Op::Or => OR,
                Op::And => AND,
                Op::Not if self.negated(at).is_some() => COMPARISON,
                Op::Not => NOT,
                Op::Compare(_)
                | Op::Between
                | Op::IsDistinct
                | Op::IsNull
                | Op::IsTrue
                | Op::Text(TextTest::Like | TextTest::ILike) => COMPARISON,
                Op::Arithmetic(Arithmetic::Add | Arithmetic::Sub, _) => SUM,
                Op::Arithmetic(..) => PRODUCT,
                Op::Negate(_) => MINUS,
                _ => ATOM,
            },
        }
    }

    /// Which of the tables is meant, where the expression names one table in several places of a join.
    fn ordinal(&self, mine: u8, of: &'static TableMeta) -> &'static str {
        let elsewhere = |step: &Step| matches!(step, Step::Column { slot, table, .. } if *slot != mine && std::ptr::eq(*table, of));
        match (self.0.iter().any(elsewhere), mine) {
            (false, _) => "",
            (true, 0) => "[0]",
            (true, 1) => "[1]",
            (true, 2) => "[2]",
            (true, 3) => "[3]",
            (true, 4) => "[4]",
            (true, _) => "[5]",
        }
    }

    /// How `not` and the test before it are written in one: `is not null`.
    fn negated(&self, at: usize) -> Option<&'static str> {
        match &self.0[at - 1] {
            Step::Apply(Op::IsNull) => Some(" is not null"),
            Step::Apply(Op::Text(TextTest::Like)) => Some(" not like "),
            Step::Apply(Op::Text(TextTest::ILike)) => Some(" not ilike "),
            Step::Apply(Op::Between) => Some(" not between "),
            Step::Apply(Op::IsDistinct) => Some(" is not distinct from "),
            Step::Apply(Op::IsTrue) => Some(" is not true"),
            Step::InValues(..) | Step::InKeys(..) => Some(" not in "),
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => Some(" not in "),
            _ => None,
        }
    }

    fn push_operator(&self, op: Op, at: usize, starts: &[usize], out: &mut Vec<Piece>) {
        let last = at - 1;
        // the operand before the one that ends with `end`
        let before = |end: usize| starts[end] - 1;
        let mut function = |name: &'static str| {
            out.push(Text(name));
            if op.arity() == 2 {
                out.extend([Expression(before(last), LOOSEST), Text(", ")]);
            }
            out.extend([Expression(last, LOOSEST), Text(")")]);
        };
        match op {
            Op::And => out.extend([Expression(before(last), AND), Text(" and "), Expression(last, AND)]),
            Op::Or => out.extend([Expression(before(last), OR), Text(" or "), Expression(last, OR)]),
            Op::Not => match self.negated(at) {
                Some(text) => self.push_test(last, text, starts, out),
                None => out.extend([Text("not "), Expression(last, NOT)]),
            },
            Op::Compare(c) => self.push_test(at, comparison(c), starts, out),
            Op::IsDistinct => self.push_test(at, " is distinct from ", starts, out),
            Op::Between => self.push_test(at, " between ", starts, out),
            Op::IsNull => self.push_test(at, " is null", starts, out),
            Op::IsTrue => self.push_test(at, " is true", starts, out),
            Op::Text(TextTest::Like) => self.push_test(at, " like ", starts, out),
            Op::Text(TextTest::ILike) => self.push_test(at, " ilike ", starts, out),
            Op::Text(TextTest::StartsWith) => function("starts_with("),
            Op::Text(TextTest::EndsWith) => function("ends_with("),
            Op::Text(TextTest::Contains) => function("contains("),
            Op::Arithmetic(op, _) => {
                let (sign, bound) = match op {
                    Arithmetic::Add => (" + ", SUM),
                    Arithmetic::Sub => (" - ", SUM),
                    Arithmetic::Mul => (" * ", PRODUCT),
                    Arithmetic::Div => (" / ", PRODUCT),
                    Arithmetic::Rem => (" % ", PRODUCT),
                };
                out.extend([Expression(before(last), bound), Text(sign), Expression(last, bound + 1)]);
            }
            Op::Negate(_) => out.extend([Text("-"), Expression(last, ATOM)]),
            Op::Abs(_) => function("abs("),
            Op::Round(_) => function("round("),
            Op::Lower => function("lower("),
            Op::Upper => function("upper("),
            Op::Trim => function("trim("),
            Op::Length => function("length("),
            Op::Coalesce => function("coalesce("),
            Op::JsonPath => function("json("),
            Op::DatePart(DatePart::Date) => function("date("),
            Op::DatePart(DatePart::Year) => function("year("),
            Op::DatePart(DatePart::Month) => function("month("),
            Op::DatePart(DatePart::Day) => function("day("),
            Op::DatePart(DatePart::Hour) => function("hour("),
            Op::When | Op::OrWhen => {
                let condition = before(last);
                if op == Op::OrWhen {
                    out.extend([Expression(before(condition), LOOSEST), Text(" ")]);
                }
                out.extend([Text("when "), Expression(condition, LOOSEST)]);
                out.extend([Text(" then "), Expression(last, LOOSEST)]);
            }
            Op::Otherwise => {
                out.extend([Text("case "), Expression(before(last), LOOSEST), Text(" else ")]);
                out.extend([Expression(last, LOOSEST), Text(" end")]);
            }
            Op::EndCase => out.extend([Text("case "), Expression(last, LOOSEST), Text(" end")]),
        }
    }

    /// The test at a step, with `text` for its operator.
    fn push_test(&self, at: usize, text: &'static str, starts: &[usize], out: &mut Vec<Piece>) {
        let last = at - 1;
        match &self.0[at] {
            Step::InValues(..) => out.extend([Expression(last, SUM), Text(text), Values(at)]),
            Step::InKeys(..) => self.push_keys(at, text, starts, out),
            Step::Subquery(_) => out.extend([Expression(last, SUM), Text(text), Question(at)]),
            Step::Apply(Op::IsNull | Op::IsTrue) => out.extend([Expression(last, SUM), Text(text)]),
            Step::Apply(Op::Between) => {
                let low = starts[last] - 1;
                out.extend([Expression(starts[low] - 1, SUM), Text(text)]);
                out.extend([Expression(low, SUM), Text(" and "), Expression(last, SUM)]);
            }
            _ => out.extend([Expression(starts[last] - 1, SUM), Text(text), Expression(last, SUM)]),
        }
    }

    /// The test of one or several values for a set of keys.
    fn push_keys(&self, at: usize, text: &'static str, starts: &[usize], out: &mut Vec<Piece>) {
        let mut operands = Vec::new();
        let mut end = at;
        for _ in 0..self.0[at].arity() {
            operands.push(end - 1);
            end = starts[end - 1];
        }
        match operands[..] {
            [one] => out.push(Expression(one, SUM)),
            _ => {
                for (i, operand) in operands.iter().rev().enumerate() {
                    out.extend([Text(if i == 0 { "(" } else { ", " }), Expression(*operand, LOOSEST)]);
                }
                out.push(Text(")"));
            }
        }
        out.extend([Text(text), Question(at)]);
    }

    fn write_question(&self, at: usize, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0[at] {
            Step::Subquery(subquery) => write!(f, "({})", subquery.question),
            Step::Related(related) => related.fmt(f),
            Step::InKeys(keys, _) => keys.fmt(f),
            Step::Later(place) => place.fmt(f),
            _ => f.write_str("…"),
        }
    }

    fn write_literal(&self, at: usize, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0[at] {
            Step::Literal(value) => value.fmt(f),
            _ => Ok(()),
        }
    }

    fn write_values(&self, at: usize, f: &mut Formatter<'_>) -> fmt::Result {
        let Step::InValues(values, had_null) = &self.0[at] else { return Ok(()) };
        f.write_str("(")?;
        for (i, value) in values.iter().take(SHOWN_VALUES).enumerate() {
            write!(f, "{}{value}", if i == 0 { "" } else { ", " })?;
        }
        if values.len() > SHOWN_VALUES {
            write!(f, ", and {} more", values.len() - SHOWN_VALUES)?;
        }
        if *had_null {
            f.write_str(if values.is_empty() { "null" } else { ", null" })?;
        }
        f.write_str(")")
    }
}

fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => " = ",
        Comparison::Ne => " <> ",
        Comparison::Lt => " < ",
        Comparison::Le => " <= ",
        Comparison::Gt => " > ",
        Comparison::Ge => " >= ",
    }
}

fn is_negative(value: &Value) -> bool {
    match value {
        Value::Int(i) => *i < 0,
        Value::Wide(i) => *i < 0,
        Value::Float(f) => f.is_sign_negative(),
        #[cfg(feature = "rust_decimal")]
        Value::Decimal(d) => d.is_sign_negative(),
        _ => false,
    }
}
