//! Tests of text.
use super::dialect::Dialect;
use super::expression::Reader;
use crate::expr::infix::Piece::{self, Expression, Own, Text};
use crate::expr::infix::binding::{LOOSEST, SUM};
use crate::expr::{Step, TextTest};
use crate::value::Value;

impl Reader<'_> {
    pub(super) fn text_test(&self, test: TextTest, at: usize, out: &mut Vec<Piece>) {
        let (last, left) = (at - 1, self.infix.before(at - 1));
        match (test, self.dialect) {
            (TextTest::Like, Dialect::Postgres) => self.infix.test(at, " LIKE ", out),
            (TextTest::ILike, Dialect::Postgres) => self.infix.test(at, " ILIKE ", out),
            (TextTest::ILike, Dialect::Sqlite) => {
                self.infix.test(at, " LIKE ", out);
                out.push(Text(" ESCAPE '\\'"));
            }
            // `LIKE` is blind to case there, `GLOB` is not
            (TextTest::Like, Dialect::Sqlite) => {
                out.extend([Expression(left, SUM), Text(" GLOB ")]);
                match &self.infix.steps[last] {
                    Step::Literal(Value::Text(_)) => out.push(Own(last)),
                    _ => out.extend([Text(GLOB.0), Expression(last, LOOSEST), Text(GLOB.1)]),
                }
            }
            (TextTest::StartsWith, Dialect::Postgres) => {
                self.infix.function(["starts_with(", ", ", ")"], last, out);
            }
            (TextTest::StartsWith, Dialect::Sqlite) => {
                self.infix.function(["instr(", ", ", ") = 1"], last, out)
            }
            (TextTest::Contains, Dialect::Postgres) => {
                self.infix.function(["strpos(", ", ", ") > 0"], last, out)
            }
            (TextTest::Contains, Dialect::Sqlite) => {
                self.infix.function(["instr(", ", ", ") > 0"], last, out)
            }
            (TextTest::EndsWith, Dialect::Postgres) => self.infix.function(
                ["(SELECT right(a, length(b)) = b FROM (SELECT ", " AS a, ", " AS b) AS v)"],
                last,
                out,
            ),
            (TextTest::EndsWith, Dialect::Sqlite) => self.infix.function(
                ["(SELECT substr(a, length(a) - length(b) + 1) = b FROM (SELECT ", " AS a, ", " AS b))"],
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
pub(super) fn glob(pattern: &str) -> String {
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
