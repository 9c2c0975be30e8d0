//! How expressions look in errors and in `explain`: infix text, with parentheses only where they are needed.
use super::code::{Code, Step};
use super::infix::Piece::{self, Expression, Own, Text};
use super::infix::{Infix, Language, Words, binding::*, write};
use super::op::{DatePart, Op, TextTest};
use super::question::Purpose;
use crate::model::TableMeta;
use crate::value::Value;
use std::fmt::{self, Display, Formatter};

/// Printed values of a list; the rest is counted.
const SHOWN_VALUES: usize = 10;

static WORDS: Words = Words {
    and: " and ",
    or: " or ",
    is_distinct: " is distinct from ",
    is_null: " is null",
    is_true: " is true",
    between: " between ",
    case: "case ",
    when: "when ",
    then: " then ",
    otherwise: " else ",
    end: " end",
};

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}
impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_joined = self.0.iter().any(|step| matches!(step, Step::Column { slot: 1.., .. }));
        write(self, &mut Shown { infix: Infix::new(self, &WORDS), is_joined, f })
    }
}

struct Shown<'a, 'f, 'g> {
    infix: Infix<'a>,
    /// Whether columns are called with their tables.
    is_joined: bool,
    f: &'f mut Formatter<'g>,
}

impl Language for Shown<'_, '_, '_> {
    type Failed = fmt::Error;

    fn text(&mut self, text: &str) -> fmt::Result {
        self.f.write_str(text)
    }

    fn own(&mut self, at: usize) -> fmt::Result {
        match &self.infix.steps[at] {
            Step::Literal(value) => value.fmt(self.f),
            Step::InValues(values, had_null) => self.values(values, *had_null),
            Step::Subquery(subquery) => write!(self.f, "({})", subquery.question),
            Step::Related(related) => related.fmt(self.f),
            Step::InKeys(keys, _) => keys.fmt(self.f),
            Step::Later(position) => position.fmt(self.f),
            _ => self.f.write_str("…"),
        }
    }

    fn binding(&self, at: usize) -> u8 {
        match &self.infix.steps[at] {
            Step::Literal(value) if is_negative(value) => MINUS,
            Step::Column { .. } | Step::Literal(_) | Step::Test(..) | Step::Map(_) => ATOM,
            Step::InValues(..) | Step::InKeys(..) | Step::Later(_) | Step::Related(_) => COMPARISON,
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => COMPARISON,
            Step::Subquery(_) | Step::TooDeep(_) => ATOM,
            Step::Apply(Op::Not) if self.negated(at).is_some() => COMPARISON,
            Step::Apply(Op::Text(TextTest::Like | TextTest::ILike)) => COMPARISON,
            Step::Apply(op) => Infix::operator_binding(*op),
        }
    }

    fn pieces(&mut self, at: usize, out: &mut Vec<Piece>) -> fmt::Result {
        match &self.infix.steps[at] {
            Step::Column { slot, table, column } => {
                if self.is_joined {
                    out.extend([Text(table.name), Text(self.ordinal(*slot, table)), Text(".")]);
                }
                out.push(Text(table.column(*column).name));
            }
            Step::Literal(_) | Step::Related(_) | Step::TooDeep(_) => out.push(Own(at)),
            Step::Test(..) => out.push(Text("closure")),
            Step::Map(_) => out.extend([Text("closure("), Expression(at - 1, LOOSEST), Text(")")]),
            Step::Subquery(subquery) => match subquery.purpose {
                Purpose::In => self.infix.test(at, " in ", out),
                Purpose::Exists => out.extend([Text("exists "), Own(at)]),
                Purpose::Value => out.push(Own(at)),
            },
            Step::InKeys(..) => self.keys(at, " in ", out),
            Step::Later(_) => self.keys(at, " after ", out),
            Step::InValues(..) => self.infix.test(at, " in ", out),
            Step::Apply(op) => self.operator(*op, at, out),
        }
        Ok(())
    }
}

impl Shown<'_, '_, '_> {
    /// Which of the tables is meant, where the expression names one table in several places of a join.
    fn ordinal(&self, mine: u8, of: &'static TableMeta) -> &'static str {
        let elsewhere = |step: &Step| matches!(step, Step::Column { slot, table, .. } if *slot != mine && std::ptr::eq(*table, of));
        match (self.infix.steps.iter().any(elsewhere), mine) {
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
        match &self.infix.steps[at - 1] {
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

    fn operator(&self, op: Op, at: usize, out: &mut Vec<Piece>) {
        let last = at - 1;
        let mut function = |name: &'static str| match op.arity() {
            2 => self.infix.function([name, ", ", ")"], last, out),
            _ => out.extend([Text(name), Expression(last, LOOSEST), Text(")")]),
        };
        match op {
            Op::Not => match self.negated(at) {
                Some(text) if matches!(self.infix.steps[last], Step::InKeys(..)) => {
                    self.keys(last, text, out)
                }
                Some(text) => self.infix.test(last, text, out),
                None => out.extend([Text("not "), Expression(last, NOT)]),
            },
            Op::Text(TextTest::Like) => self.infix.test(at, " like ", out),
            Op::Text(TextTest::ILike) => self.infix.test(at, " ilike ", out),
            Op::Text(TextTest::StartsWith) => function("starts_with("),
            Op::Text(TextTest::EndsWith) => function("ends_with("),
            Op::Text(TextTest::Contains) => function("contains("),
            Op::Abs(_) => function("abs("),
            Op::Round(_) => function("round("),
            Op::Lower => function("lower("),
            Op::Upper => function("upper("),
            Op::Trim => function("trim("),
            Op::Length => function("length("),
            Op::Coalesce => function("coalesce("),
            Op::JsonPath => function("json("),
            Op::DatePart(DatePart::Date, _) => function("date("),
            Op::DatePart(DatePart::Year, _) => function("year("),
            Op::DatePart(DatePart::Month, _) => function("month("),
            Op::DatePart(DatePart::Day, _) => function("day("),
            Op::DatePart(DatePart::Hour, _) => function("hour("),
            op => {
                let is_written = self.infix.operator(op, at, out);
                debug_assert!(is_written, "{op:?} has no text");
            }
        }
    }

    /// The test of one or several values for a set of keys, or for their place in an order.
    fn keys(&self, at: usize, text: &'static str, out: &mut Vec<Piece>) {
        match self.infix.operands(at)[..] {
            [one] => out.push(Expression(one, SUM)),
            ref operands => {
                out.push(Text("("));
                for (i, operand) in operands.iter().enumerate() {
                    out.extend((i > 0).then_some(Text(", ")));
                    out.push(Expression(*operand, LOOSEST));
                }
                out.push(Text(")"));
            }
        }
        out.extend([Text(text), Own(at)]);
    }

    fn values(&mut self, values: &[Value], had_null: bool) -> fmt::Result {
        self.f.write_str("(")?;
        for (i, value) in values.iter().take(SHOWN_VALUES).enumerate() {
            write!(self.f, "{}{value}", if i == 0 { "" } else { ", " })?;
        }
        if values.len() > SHOWN_VALUES {
            write!(self.f, ", and {} more", values.len() - SHOWN_VALUES)?;
        }
        if had_null {
            self.f.write_str(if values.is_empty() { "null" } else { ", null" })?;
        }
        self.f.write_str(")")
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
