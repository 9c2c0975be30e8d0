//! Expressions as SQL.
//!
//! An operand that a server needs twice is named in a small subquery, so that nested functions do not grow the text
//! without bound.
use super::date::date_part;
use super::dialect::Dialect;
use super::question::is_known;
use super::text::glob;
use super::writer::Writer;
use crate::expr::infix::Piece::{self, Expression, Own, Text};
use crate::expr::infix::{Infix, Language, Words, binding::*, write};
use crate::expr::{Arithmetic, Code, MAX_DEPTH, Op, Purpose, Quantifier, Related, Step, TextTest};
use crate::value::{Kind, Value};
use crate::{Error, Result};

static WORDS: Words = Words {
    and: " AND ",
    or: " OR ",
    is_distinct: " IS DISTINCT FROM ",
    is_null: " IS NULL",
    is_true: " IS TRUE",
    between: " BETWEEN ",
    case: "CASE ",
    when: "WHEN ",
    then: " THEN ",
    otherwise: " ELSE ",
    end: " END",
};

impl Writer {
    /// Writes an expression.
    ///
    /// # Errors
    /// `NoSql` for closures, opaque columns and aggregates that the server lacks.
    pub(super) fn expression(&mut self, code: &Code) -> Result<()> {
        let reader = Reader { infix: Infix::new(code, &WORDS), dialect: self.dialect };
        write(code, &mut Written { reader, writer: self })
    }

    fn leaf(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Column { slot, table, column } => {
                let meta = table.column(*column);
                if meta.kind == Kind::Opaque {
                    return Err(self.no_sql(&format!("the opaque column {}", meta.name)));
                }
                self.column(*slot, table, *column);
            }
            // parts of documents are plain values there
            #[cfg(feature = "json")]
            Step::Literal(value @ Value::Json(_)) if self.dialect == Dialect::Sqlite => {
                self.text("json_extract(");
                self.value(value);
                self.text(", '$')");
            }
            Step::Literal(value) => self.value(value),
            Step::Test(..) => return Err(self.no_sql("the closure of `filter_with`")),
            Step::TooDeep(_) => return Err(Error::TooDeep { limit: MAX_DEPTH }),
            _ => return Err(self.no_sql("the closure of `map`")),
        }
        Ok(())
    }

    fn glob(&mut self, step: &Step) {
        if let Step::Literal(Value::Text(pattern)) = step {
            self.value(&Value::Text(glob(pattern).into()));
        }
    }

    pub(super) fn no_sql(&self, part: &str) -> Error {
        Error::NoSql { table: self.table.name, part: part.to_owned() }
    }

    fn values(&mut self, step: &Step) {
        let Step::InValues(values, had_null) = step else { return };
        self.text("(");
        self.list(values.iter(), Self::value);
        if *had_null {
            self.text(if values.is_empty() { "NULL" } else { ", NULL" });
        }
        self.text(")");
    }
}

/// The steps of an expression, and for whom they are written.
pub(super) struct Reader<'a> {
    pub(super) infix: Infix<'a>,
    pub(super) dialect: Dialect,
}

struct Written<'a, 'w> {
    reader: Reader<'a>,
    writer: &'w mut Writer,
}

impl Language for Written<'_, '_> {
    type Failed = Error;

    fn text(&mut self, text: &str) -> Result<()> {
        self.writer.text(text);
        Ok(())
    }

    fn own(&mut self, at: usize) -> Result<()> {
        match &self.reader.infix.steps[at] {
            step @ Step::InValues(..) => self.writer.values(step),
            step @ Step::Literal(_) => self.writer.glob(step),
            step => return self.writer.question(step),
        }
        Ok(())
    }

    fn binding(&self, at: usize) -> u8 {
        self.reader.binding(at)
    }

    fn pieces(&mut self, at: usize, out: &mut Vec<Piece>) -> Result<()> {
        let reader = &self.reader;
        match &reader.infix.steps[at] {
            Step::InValues(values, had_null) if values.is_empty() && !had_null => out.push(Text("FALSE")),
            Step::InValues(..) => reader.infix.test(at, " IN ", out),
            Step::Apply(op) => reader.operator(*op, at, out),
            Step::Subquery(subquery) => match subquery.purpose {
                Purpose::In => reader.infix.test(at, " IN ", out),
                Purpose::Exists => out.extend([Text("EXISTS "), Own(at)]),
                Purpose::Value => out.push(Own(at)),
            },
            Step::Related(related) => reader.related(related, at, out),
            leaf => self.writer.leaf(leaf)?,
        }
        Ok(())
    }
}

impl Reader<'_> {
    fn binding(&self, at: usize) -> u8 {
        match &self.infix.steps[at] {
            Step::InValues(values, had_null) if values.is_empty() && !had_null => ATOM,
            Step::InValues(..) | Step::Related(_) => COMPARISON,
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => COMPARISON,
            Step::Apply(op) => match op {
                Op::Not if self.negated(at).is_some() => COMPARISON,
                Op::Text(_) => COMPARISON,
                op if self.function_of(*op).is_some() => ATOM,
                // an integer is round: the operand stands for itself
                Op::Round(kind) if kind.integer_range().is_some() => self.binding(at - 1),
                op => Infix::operator_binding(*op),
            },
            _ => ATOM,
        }
    }

    /// How `not` and the test before it are written in one.
    fn negated(&self, at: usize) -> Option<&'static str> {
        match &self.infix.steps[at - 1] {
            Step::Apply(Op::IsNull) => Some(" IS NOT NULL"),
            Step::Apply(Op::IsTrue) => Some(" IS NOT TRUE"),
            Step::Apply(Op::Between) => Some(" NOT BETWEEN "),
            Step::Apply(Op::IsDistinct) => Some(" IS NOT DISTINCT FROM "),
            Step::Apply(Op::Text(TextTest::Like)) if self.dialect == Dialect::Postgres => Some(" NOT LIKE "),
            Step::Apply(Op::Text(TextTest::ILike)) if self.dialect == Dialect::Postgres => {
                Some(" NOT ILIKE ")
            }
            Step::InValues(values, had_null) if !values.is_empty() || *had_null => Some(" NOT IN "),
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => Some(" NOT IN "),
            _ => None,
        }
    }

    /// Arithmetic that a server has no operator for.
    fn function_of(&self, op: Op) -> Option<[&'static str; 3]> {
        let Op::Arithmetic(by, kind) = op else { return None };
        let is_wide = kind.integer_range().is_some() && !kind.is_narrow_integer();
        Some(match (by, self.dialect) {
            // `%` takes whole numbers there, and `mod` and `trunc` are not in every build
            (Arithmetic::Rem, Dialect::Sqlite) if kind.is_float() => {
                ["(SELECT a - b * CAST(a / b AS INTEGER) FROM (SELECT ", " AS a, ", " AS b))"]
            }
            (Arithmetic::Rem, Dialect::Postgres) if kind.is_float() => [
                "(SELECT CASE WHEN abs(b) = 'Infinity' AND abs(a) < 'Infinity' THEN a ELSE a - b * trunc(a / b) END \
                     FROM (SELECT (",
                ")::float8 AS a, (",
                ")::float8 AS b) AS v)",
            ],
            // `numeric` divides into fractions
            (Arithmetic::Div, Dialect::Postgres) if is_wide => ["div(", ", ", ")"],
            _ => return None,
        })
    }

    fn operator(&self, op: Op, at: usize, out: &mut Vec<Piece>) {
        let last = at - 1;
        let unary = |out: &mut Vec<Piece>, open, close| {
            out.extend([Text(open), Expression(last, LOOSEST), Text(close)]);
        };
        match op {
            Op::Not => match self.negated(at) {
                Some(text) => self.infix.test(last, text, out),
                None => out.extend([Text("NOT "), Expression(last, NOT)]),
            },
            Op::Text(test) => self.text_test(test, at, out),
            Op::Abs(_) => unary(out, "abs(", ")"),
            Op::Round(kind) if kind.integer_range().is_some() => out.push(Expression(last, LOOSEST)),
            Op::Round(kind) if kind.is_float() && self.dialect == Dialect::Sqlite => {
                // its own `round` takes ties away from zero; a sum that leaves no place for fractions takes them to even
                unary(
                    out,
                    "(SELECT CASE WHEN abs(v) < 2251799813685248.0 \
                     THEN (v + 6755399441055744.0) - 6755399441055744.0 ELSE round(v) END FROM (SELECT ",
                    " AS v))",
                );
            }
            Op::Round(_) => unary(out, "round(", ")"),
            Op::Lower => unary(out, "lower(", ")"),
            Op::Upper => unary(out, "upper(", ")"),
            Op::Trim => unary(out, "trim(", ")"),
            Op::Length => unary(out, "length(", ")"),
            Op::DatePart(part, kind) => {
                let [open, close] = date_part(part, kind, self.dialect);
                unary(out, open, close);
            }
            Op::Coalesce => self.infix.function(["coalesce(", ", ", ")"], last, out),
            Op::JsonPath => match self.dialect {
                Dialect::Sqlite => self.infix.function(["json_extract(", ", ", ")"], last, out),
                Dialect::Postgres => {
                    self.infix.function(
                        ["nullif(jsonb_path_query_first(", ", (", ")::jsonpath), 'null')"],
                        last,
                        out,
                    );
                }
            },
            op => match self.function_of(op) {
                Some(function) => self.infix.function(function, last, out),
                None => {
                    let is_written = self.infix.operator(op, at, out);
                    debug_assert!(is_written, "{op:?} has no sql");
                }
            },
        }
    }

    /// Whether the key columns before a step lead to a row that passes: `IN` the keys of such rows. It is never unknown, so
    /// that a key which may be `None` is asked for the truth.
    fn related(&self, related: &Related, at: usize, out: &mut Vec<Piece>) {
        let columns = at - related.path.from.len()..at;
        let is_negative = related.how != Quantifier::Any;
        let is_known = is_known(related, &self.infix.steps[columns.clone()]);
        out.extend((!is_known).then_some(Text("(")));
        out.extend((columns.len() > 1).then_some(Text("(")));
        for (i, column) in columns.clone().enumerate() {
            out.extend((i > 0).then_some(Text(", ")));
            out.push(Expression(column, SUM));
        }
        out.extend((columns.len() > 1).then_some(Text(")")));
        out.extend([Text(if is_known && is_negative { " NOT IN " } else { " IN " }), Own(at)]);
        if !is_known {
            out.push(Text(if is_negative { ") IS NOT TRUE" } else { ") IS TRUE" }));
        }
    }
}
