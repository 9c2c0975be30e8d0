//! Expressions: the steps of a `Code` as infix text.
//!
//! The steps are postfix, so that the operands of a step end right before it. A stack of pieces still to be written
//! takes the place of recursion. An operand that a server needs twice is named in a small subquery, so that nested
//! functions do not grow the text without bound.
use super::dialect::Dialect;
use super::question::is_known;
use super::writer::Writer;
use crate::expr::{
    Arithmetic, Code, Comparison, DatePart, MAX_DEPTH, Op, Purpose, Quantifier, Related, Step, TextTest,
};
use crate::value::{Kind, Value};
use crate::{Error, Result};

/// How tightly an operator binds. Comparisons are not nested without parentheses: the servers disagree about them.
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
    /// The values of the list at a step.
    Values(usize),
    /// The text at a step, a pattern of `LIKE`, as one of `GLOB`.
    Glob(usize),
    /// The `SELECT` in parentheses of the question at a step.
    Question(usize),
}
use Piece::{Expression, Glob, Question, Text, Values};

impl Writer {
    /// Writes an expression.
    ///
    /// # Errors
    /// `NoSql` for closures, opaque columns and aggregates that the server lacks.
    pub(super) fn expression(&mut self, code: &Code) -> Result<()> {
        let steps = code.steps();
        let Some(last) = steps.len().checked_sub(1) else { return Ok(()) };
        let reader = Reader { steps, starts: code.starts(), dialect: self.dialect };
        let mut open = vec![Expression(last, LOOSEST)];
        let mut pieces = Vec::new();
        while let Some(piece) = open.pop() {
            match piece {
                Text(text) => self.text(text),
                Values(at) => self.values(&steps[at]),
                Glob(at) => self.glob(&steps[at]),
                Question(at) => self.question(&steps[at])?,
                Expression(at, needed) => {
                    let is_loose = reader.binding(at) < needed;
                    pieces.clear();
                    pieces.extend(is_loose.then_some(Text("(")));
                    match &steps[at] {
                        Step::InValues(values, had_null) if values.is_empty() && !had_null => {
                            pieces.push(Text("FALSE"));
                        }
                        Step::InValues(..) => {
                            pieces.extend([Expression(at - 1, SUM), Text(" IN "), Values(at)])
                        }
                        Step::Apply(op) => reader.operator(*op, at, &mut pieces),
                        Step::Subquery(subquery) => match subquery.purpose {
                            Purpose::In => reader.test(at, " IN ", &mut pieces),
                            Purpose::Exists => pieces.extend([Text("EXISTS "), Question(at)]),
                            Purpose::Value => pieces.push(Question(at)),
                        },
                        Step::Related(related) => reader.related(related, at, &mut pieces),
                        leaf => self.leaf(leaf)?,
                    }
                    pieces.extend(is_loose.then_some(Text(")")));
                    open.extend(pieces.drain(..).rev());
                }
            }
        }
        Ok(())
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

/// The steps of an expression, as they are read from the end.
struct Reader<'a> {
    steps: &'a [Step],
    starts: Vec<usize>,
    dialect: Dialect,
}

impl Reader<'_> {
    fn binding(&self, at: usize) -> u8 {
        match &self.steps[at] {
            Step::InValues(values, had_null) if values.is_empty() && !had_null => ATOM,
            Step::InValues(..) | Step::Related(_) => COMPARISON,
            Step::Subquery(subquery) if subquery.purpose == Purpose::In => COMPARISON,
            Step::Apply(op) => match op {
                Op::Or => OR,
                Op::And => AND,
                Op::Not if self.negated(at).is_some() => COMPARISON,
                Op::Not => NOT,
                Op::Compare(_) | Op::Between | Op::IsDistinct | Op::IsNull | Op::IsTrue | Op::Text(_) => {
                    COMPARISON
                }
                Op::Arithmetic(Arithmetic::Add | Arithmetic::Sub, _) => SUM,
                Op::Arithmetic(..) if self.function_of(*op).is_none() => PRODUCT,
                Op::Negate(_) => MINUS,
                // an integer is round: the operand stands for itself
                Op::Round(kind) if kind.integer_range().is_some() => self.binding(at - 1),
                _ => ATOM,
            },
            _ => ATOM,
        }
    }

    /// How `not` and the test before it are written in one.
    fn negated(&self, at: usize) -> Option<&'static str> {
        match &self.steps[at - 1] {
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

    /// The last step of the operand before the one that ends with `end`.
    fn before(&self, end: usize) -> usize {
        self.starts[end] - 1
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
            Op::And => out.extend([Expression(self.before(last), AND), Text(" AND "), Expression(last, AND)]),
            Op::Or => out.extend([Expression(self.before(last), OR), Text(" OR "), Expression(last, OR)]),
            Op::Not => match self.negated(at) {
                Some(text) => self.test(last, text, out),
                None => out.extend([Text("NOT "), Expression(last, NOT)]),
            },
            Op::Compare(c) => self.test(at, comparison(c), out),
            Op::IsDistinct => self.test(at, " IS DISTINCT FROM ", out),
            Op::Between => self.test(at, " BETWEEN ", out),
            Op::IsNull => self.test(at, " IS NULL", out),
            Op::IsTrue => self.test(at, " IS TRUE", out),
            Op::Text(test) => self.text_test(test, at, out),
            Op::Arithmetic(by, _) => {
                let left = self.before(last);
                if let Some([open, comma, close]) = self.function_of(op) {
                    out.extend([Text(open), Expression(left, LOOSEST), Text(comma)]);
                    out.extend([Expression(last, LOOSEST), Text(close)]);
                    return;
                }
                let (sign, bound) = match by {
                    Arithmetic::Add => (" + ", SUM),
                    Arithmetic::Sub => (" - ", SUM),
                    Arithmetic::Mul => (" * ", PRODUCT),
                    Arithmetic::Div => (" / ", PRODUCT),
                    Arithmetic::Rem => (" % ", PRODUCT),
                };
                out.extend([Expression(left, bound), Text(sign), Expression(last, bound + 1)]);
            }
            Op::Negate(_) => out.extend([Text("-"), Expression(last, ATOM)]),
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
            Op::DatePart(part) => {
                let [open, close] = date_part(part, self.dialect);
                unary(out, open, close);
            }
            Op::Coalesce => self.function("coalesce(", ", ", ")", last, out),
            Op::JsonPath => match self.dialect {
                Dialect::Sqlite => self.function("json_extract(", ", ", ")", last, out),
                Dialect::Postgres => {
                    self.function(
                        "nullif(jsonb_path_query_first(",
                        ", (",
                        ")::jsonpath), 'null')",
                        last,
                        out,
                    );
                }
            },
            Op::When | Op::OrWhen => {
                let condition = self.before(last);
                if op == Op::OrWhen {
                    out.extend([Expression(self.before(condition), LOOSEST), Text(" ")]);
                }
                out.extend([Text("WHEN "), Expression(condition, LOOSEST)]);
                out.extend([Text(" THEN "), Expression(last, LOOSEST)]);
            }
            Op::Otherwise => {
                out.extend([Text("CASE "), Expression(self.before(last), LOOSEST), Text(" ELSE ")]);
                out.extend([Expression(last, LOOSEST), Text(" END")]);
            }
            Op::EndCase => unary(out, "CASE ", " END"),
        }
    }

    /// Whether the key columns before a step lead to a row that passes: `IN` the keys of such rows. It is never unknown, so
    /// that a key which may be `None` is asked for the truth.
    fn related(&self, related: &Related, at: usize, out: &mut Vec<Piece>) {
        let columns = at - related.path.from.len()..at;
        let is_negative = related.how != Quantifier::Any;
        let is_known = is_known(related, &self.steps[columns.clone()]);
        out.extend((!is_known).then_some(Text("(")));
        out.extend((columns.len() > 1).then_some(Text("(")));
        for (i, column) in columns.clone().enumerate() {
            out.extend((i > 0).then_some(Text(", ")));
            out.push(Expression(column, SUM));
        }
        out.extend((columns.len() > 1).then_some(Text(")")));
        out.extend([Text(if is_known && is_negative { " NOT IN " } else { " IN " }), Question(at)]);
        if !is_known {
            out.push(Text(if is_negative { ") IS NOT TRUE" } else { ") IS TRUE" }));
        }
    }

    /// A function of two operands, of which the second ends with `last`.
    fn function(
        &self,
        open: &'static str,
        comma: &'static str,
        close: &'static str,
        last: usize,
        out: &mut Vec<Piece>,
    ) {
        out.extend([Text(open), Expression(self.before(last), LOOSEST), Text(comma)]);
        out.extend([Expression(last, LOOSEST), Text(close)]);
    }

    /// The test at a step, with `text` for its operator.
    fn test(&self, at: usize, text: &'static str, out: &mut Vec<Piece>) {
        let last = at - 1;
        match &self.steps[at] {
            Step::InValues(..) => out.extend([Expression(last, SUM), Text(text), Values(at)]),
            Step::Subquery(_) => out.extend([Expression(last, SUM), Text(text), Question(at)]),
            Step::Apply(Op::IsNull | Op::IsTrue) => out.extend([Expression(last, SUM), Text(text)]),
            Step::Apply(Op::Between) => {
                let low = self.before(last);
                out.extend([Expression(self.before(low), SUM), Text(text)]);
                out.extend([Expression(low, SUM), Text(" AND "), Expression(last, SUM)]);
            }
            _ => out.extend([Expression(self.before(last), SUM), Text(text), Expression(last, SUM)]),
        }
    }

    fn text_test(&self, test: TextTest, at: usize, out: &mut Vec<Piece>) {
        let (last, left) = (at - 1, self.before(at - 1));
        match (test, self.dialect) {
            (TextTest::Like, Dialect::Postgres) => self.test(at, " LIKE ", out),
            (TextTest::ILike, Dialect::Postgres) => self.test(at, " ILIKE ", out),
            (TextTest::ILike, Dialect::Sqlite) => {
                self.test(at, " LIKE ", out);
                out.push(Text(" ESCAPE '\\'"));
            }
            // `LIKE` is blind to case there, `GLOB` is not
            (TextTest::Like, Dialect::Sqlite) => {
                out.extend([Expression(left, SUM), Text(" GLOB ")]);
                match &self.steps[last] {
                    Step::Literal(Value::Text(_)) => out.push(Glob(last)),
                    _ => out.extend([Text(GLOB.0), Expression(last, LOOSEST), Text(GLOB.1)]),
                }
            }
            (TextTest::StartsWith, Dialect::Postgres) => {
                self.function("starts_with(", ", ", ")", last, out);
            }
            (TextTest::StartsWith, Dialect::Sqlite) => self.function("instr(", ", ", ") = 1", last, out),
            (TextTest::Contains, Dialect::Postgres) => self.function("strpos(", ", ", ") > 0", last, out),
            (TextTest::Contains, Dialect::Sqlite) => self.function("instr(", ", ", ") > 0", last, out),
            (TextTest::EndsWith, Dialect::Postgres) => self.function(
                "(SELECT right(a, length(b)) = b FROM (SELECT ",
                " AS a, ",
                " AS b) AS v)",
                last,
                out,
            ),
            (TextTest::EndsWith, Dialect::Sqlite) => self.function(
                "(SELECT substr(a, length(a) - length(b) + 1) = b FROM (SELECT ",
                " AS a, ",
                " AS b))",
                last,
                out,
            ),
        }
    }
}

/// A pattern of `LIKE` as one of `GLOB`. What `\` escapes is put aside as characters that Unicode has left free, until
/// the signs have been exchanged.
const GLOB: (&str, &str) = (
    "replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(",
    ", '\\\\', char(64976)), '\\%', char(64977)), '\\_', char(64978)), '\\', ''), '[', '[[]'), '*', '[*]'), '?', '[?]'), \
     '%', '*'), '_', '?'), char(64976), '\\'), char(64977), '%'), char(64978), '_')",
);

/// `pattern` for `GLOB`, whose signs are `*`, `?` and `[..]`, and which knows no escape.
fn glob(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let (c, is_escaped) = if c == '\\' { (chars.next(), true) } else { (Some(c), false) };
        match (c, is_escaped) {
            (Some('%'), false) => out.push('*'),
            (Some('_'), false) => out.push('?'),
            (Some(c @ ('*' | '?' | '[')), _) => out.extend(['[', c, ']']),
            (c, _) => out.extend(c),
        }
    }
    out
}

/// A part of a timestamp: what comes before and behind it.
fn date_part(part: DatePart, dialect: Dialect) -> [&'static str; 2] {
    macro_rules! sqlite {
        ($format:literal) => {
            [
                concat!(
                    "(SELECT CAST(strftime('",
                    $format,
                    "', (t - (t % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch') AS INTEGER) FROM (SELECT "
                ),
                " AS t))",
            ]
        };
    }
    macro_rules! postgres {
        ($part:literal) => {
            [concat!("extract(", $part, " FROM "), " AT TIME ZONE 'UTC')::int4"]
        };
    }
    match (dialect, part) {
        (Dialect::Postgres, DatePart::Date) => ["(", " AT TIME ZONE 'UTC')::date"],
        (Dialect::Postgres, DatePart::Year) => postgres!("year"),
        (Dialect::Postgres, DatePart::Month) => postgres!("month"),
        (Dialect::Postgres, DatePart::Day) => postgres!("day"),
        (Dialect::Postgres, DatePart::Hour) => postgres!("hour"),
        (Dialect::Sqlite, DatePart::Date) => [
            "(SELECT (t - (t % 86400000000000 + 86400000000000) % 86400000000000) / 86400000000000 FROM (SELECT ",
            " AS t))",
        ],
        (Dialect::Sqlite, DatePart::Year) => sqlite!("%Y"),
        (Dialect::Sqlite, DatePart::Month) => sqlite!("%m"),
        (Dialect::Sqlite, DatePart::Day) => sqlite!("%d"),
        (Dialect::Sqlite, DatePart::Hour) => sqlite!("%H"),
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
