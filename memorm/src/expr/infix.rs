//! Postfix steps as infix text: what printing an expression and writing it as SQL have in common.
//!
//! ```text
//!   QTY │ 2 │ * │ 6 │ >          [ QTY * 2 ] " > " [ 6 ]          a step is taken apart into pieces,
//!                                [ QTY ] " * " [ 2 ] " > " [ 6 ]   the first of which comes next
//! ```
//!
//! The operands of a step end right before it. A stack of pieces still to be written takes the place of recursion; an
//! operand that binds looser than its place asks for gets parentheses.
use super::code::{Code, Step};
use super::op::{Arithmetic, Comparison, Op};

/// How tightly an operator binds. Comparisons are not nested without parentheses: servers disagree about them.
pub(crate) mod binding {
    pub(crate) const LOOSEST: u8 = 0;
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const NOT: u8 = 3;
    pub(crate) const COMPARISON: u8 = 4;
    pub(crate) const SUM: u8 = 5;
    pub(crate) const PRODUCT: u8 = 6;
    pub(crate) const MINUS: u8 = 7;
    pub(crate) const ATOM: u8 = 8;
}
use binding::*;

/// A piece of text that is still to be written.
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    Text(&'static str),
    /// The expression that ends with a step, in parentheses if it binds looser than the number.
    Expression(usize, u8),
    /// What stands at a step itself: a literal, the values of a list, a question.
    Own(usize),
}
use Piece::{Expression, Own, Text};

/// The words of a language, with the blanks around them.
pub(crate) struct Words {
    pub(crate) and: &'static str,
    pub(crate) or: &'static str,
    pub(crate) is_distinct: &'static str,
    pub(crate) is_null: &'static str,
    pub(crate) is_true: &'static str,
    pub(crate) between: &'static str,
    pub(crate) case: &'static str,
    pub(crate) when: &'static str,
    pub(crate) then: &'static str,
    pub(crate) otherwise: &'static str,
    pub(crate) end: &'static str,
}

/// The steps of an expression, as they are read from the end.
pub(crate) struct Infix<'a> {
    pub(crate) steps: &'a [Step],
    starts: Vec<usize>,
    words: &'static Words,
}

/// A language in which expressions are written.
pub(crate) trait Language {
    type Failed;
    /// How tightly the expression binds that ends with a step.
    fn binding(&self, at: usize) -> u8;
    /// Takes the expression that ends with a step apart.
    fn pieces(&mut self, at: usize, out: &mut Vec<Piece>) -> Result<(), Self::Failed>;
    fn text(&mut self, text: &str) -> Result<(), Self::Failed>;
    /// Writes what stands at a step itself.
    fn own(&mut self, at: usize) -> Result<(), Self::Failed>;
}

/// Writes all of an expression.
pub(crate) fn write<L: Language>(code: &Code, language: &mut L) -> Result<(), L::Failed> {
    let Some(last) = code.steps().len().checked_sub(1) else { return Ok(()) };
    let mut open = vec![Expression(last, LOOSEST)];
    let mut pieces = Vec::new();
    while let Some(piece) = open.pop() {
        match piece {
            Text(text) => language.text(text)?,
            Own(at) => language.own(at)?,
            Expression(at, needed) => {
                let is_loose = language.binding(at) < needed;
                pieces.clear();
                pieces.extend(is_loose.then_some(Text("(")));
                language.pieces(at, &mut pieces)?;
                pieces.extend(is_loose.then_some(Text(")")));
                open.extend(pieces.drain(..).rev());
            }
        }
    }
    Ok(())
}

impl<'a> Infix<'a> {
    pub(crate) fn new(code: &'a Code, words: &'static Words) -> Self {
        Self { steps: code.steps(), starts: code.starts(), words }
    }

    /// The last step of the operand before the one that ends with `end`.
    pub(crate) fn before(&self, end: usize) -> usize {
        self.starts[end] - 1
    }

    /// The last steps of the operands of a step, in order.
    pub(crate) fn operands(&self, at: usize) -> Vec<usize> {
        let mut operands = Vec::new();
        let mut end = at;
        for _ in 0..self.steps[at].arity() {
            operands.push(end - 1);
            end = self.starts[end - 1];
        }
        operands.reverse();
        operands
    }

    /// How tightly an operator binds that is written as one.
    pub(crate) fn operator_binding(op: Op) -> u8 {
        match op {
            Op::Or => OR,
            Op::And => AND,
            Op::Not => NOT,
            Op::Compare(_) | Op::Between | Op::IsDistinct | Op::IsNull | Op::IsTrue => COMPARISON,
            Op::Arithmetic(Arithmetic::Add | Arithmetic::Sub, _) => SUM,
            Op::Arithmetic(..) => PRODUCT,
            Op::Negate(_) => MINUS,
            _ => ATOM,
        }
    }

    /// The pieces of an operator that all languages write alike; `false` where it is none.
    pub(crate) fn operator(&self, op: Op, at: usize, out: &mut Vec<Piece>) -> bool {
        let (last, words) = (at - 1, self.words);
        let mut infix = |sign, bound| {
            out.extend([Expression(self.before(last), bound), Text(sign), Expression(last, bound)])
        };
        match op {
            Op::And => infix(words.and, AND),
            Op::Or => infix(words.or, OR),
            Op::Compare(comparison) => self.test(at, sign(comparison), out),
            Op::IsDistinct => self.test(at, words.is_distinct, out),
            Op::Between => self.test(at, words.between, out),
            Op::IsNull => self.test(at, words.is_null, out),
            Op::IsTrue => self.test(at, words.is_true, out),
            Op::Arithmetic(by, _) => {
                let (sign, bound) = match by {
                    Arithmetic::Add => (" + ", SUM),
                    Arithmetic::Sub => (" - ", SUM),
                    Arithmetic::Mul => (" * ", PRODUCT),
                    Arithmetic::Div => (" / ", PRODUCT),
                    Arithmetic::Rem => (" % ", PRODUCT),
                };
                out.extend([Expression(self.before(last), bound), Text(sign), Expression(last, bound + 1)]);
            }
            Op::Negate(_) => out.extend([Text("-"), Expression(last, ATOM)]),
            Op::When | Op::OrWhen => {
                let condition = self.before(last);
                if op == Op::OrWhen {
                    out.extend([Expression(self.before(condition), LOOSEST), Text(" ")]);
                }
                out.extend([Text(words.when), Expression(condition, LOOSEST)]);
                out.extend([Text(words.then), Expression(last, LOOSEST)]);
            }
            Op::Otherwise => {
                out.extend([Text(words.case), Expression(self.before(last), LOOSEST), Text(words.otherwise)]);
                out.extend([Expression(last, LOOSEST), Text(words.end)]);
            }
            Op::EndCase => out.extend([Text(words.case), Expression(last, LOOSEST), Text(words.end)]),
            _ => return false,
        }
        true
    }

    /// The test at a step, with `text` for its operator.
    pub(crate) fn test(&self, at: usize, text: &'static str, out: &mut Vec<Piece>) {
        let last = at - 1;
        match &self.steps[at] {
            Step::InValues(..) | Step::Subquery(_) => {
                out.extend([Expression(last, SUM), Text(text), Own(at)])
            }
            Step::Apply(Op::IsNull | Op::IsTrue) => out.extend([Expression(last, SUM), Text(text)]),
            Step::Apply(Op::Between) => {
                let low = self.before(last);
                out.extend([Expression(self.before(low), SUM), Text(text)]);
                out.extend([Expression(low, SUM), Text(self.words.and), Expression(last, SUM)]);
            }
            _ => out.extend([Expression(self.before(last), SUM), Text(text), Expression(last, SUM)]),
        }
    }

    /// A function of two operands, of which the second ends with `last`.
    pub(crate) fn function(
        &self,
        [open, comma, close]: [&'static str; 3],
        last: usize,
        out: &mut Vec<Piece>,
    ) {
        out.extend([Text(open), Expression(self.before(last), LOOSEST), Text(comma)]);
        out.extend([Expression(last, LOOSEST), Text(close)]);
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => " = ",
        Comparison::Ne => " <> ",
        Comparison::Lt => " < ",
        Comparison::Le => " <= ",
        Comparison::Gt => " > ",
        Comparison::Ge => " >= ",
    }
}
