//! `Evaluator`: runs the steps of an expression over a batch, with a stack of vectors.
use super::batch::Batch;
use super::case::Branches;
use super::lanes::{View, with_room};
use super::truth::{Answer, Truth};
use super::{arithmetic, case, compare, date, later, list, text};
use crate::expr::{Code, MAX_SLOTS, Op, RowTest, Step};
use crate::model::TableMeta;
use crate::value::{Cells, Value, Vector};

/// The values of an expression for each row of a batch.
pub(crate) fn evaluate<'a>(code: &'a Code, batch: &'a dyn Batch) -> Vector<'a> {
    let mut evaluator = Evaluator::new(batch);
    match evaluator.run(code) {
        Slot::Column(at) => evaluator.columns.swap_remove(at).1,
        slot => evaluator.vector(slot),
    }
}

/// The answers of a condition for each row of a batch.
pub(crate) fn truth(code: &Code, batch: &dyn Batch) -> Truth {
    Evaluator::new(batch).truth(code)
}

/// Evaluates expressions over one batch; columns are gathered once for all of them.
pub(crate) struct Evaluator<'a> {
    batch: &'a dyn Batch,
    len: usize,
    /// By slot and column.
    columns: Vec<((u8, u16), Vector<'a>)>,
}

/// A value on the stack.
enum Slot<'a> {
    /// A place in `columns`.
    Column(usize),
    Literal(&'a Value),
    Vector(Vector<'a>),
    Truth(Truth),
    Case(Box<Branches<'a>>),
}

impl Slot<'_> {
    /// The value as an operator takes it that asks for no condition.
    fn into_operand(self) -> Self {
        match self {
            Self::Truth(truth) => Self::Vector(truth.into_vector()),
            other => other,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// An evaluator of all rows of `batch`.
    pub(crate) fn new(batch: &'a dyn Batch) -> Self {
        Self { batch, len: batch.len(), columns: Vec::new() }
    }

    /// Gathers the columns that an expression reads: what of it waits for memory.
    pub(crate) fn fetch(&mut self, code: &'a Code) {
        for step in code.steps() {
            if let Step::Column { slot, table, column } = step {
                self.column(*slot, table, *column);
            }
        }
    }

    /// The values of an expression for each row.
    pub(crate) fn evaluate(&mut self, code: &'a Code) -> Vector<'a> {
        let slot = self.run(code);
        self.vector(slot)
    }

    /// Hands the values of an expression for each row to `f`; columns as they are, without a copy.
    pub(crate) fn evaluate_with<R>(&mut self, code: &'a Code, f: impl FnOnce(&Vector<'a>) -> R) -> R {
        match self.run(code) {
            Slot::Column(at) => f(&self.columns[at].1),
            slot => f(&self.vector(slot)),
        }
    }

    fn vector(&self, slot: Slot<'a>) -> Vector<'a> {
        match slot {
            Slot::Column(at) => self.columns[at].1.clone(),
            Slot::Vector(vector) => vector,
            slot @ Slot::Literal(_) => {
                case::coalesce(self.view(&slot), View::Literal(&Value::Null), self.len)
            }
            Slot::Truth(truth) => truth.into_vector(),
            Slot::Case(case) => case.end(),
        }
    }

    /// The answers of a condition for each row.
    pub(crate) fn truth(&mut self, code: &'a Code) -> Truth {
        let slot = self.run(code);
        self.answers(slot)
    }

    fn run(&mut self, code: &'a Code) -> Slot<'a> {
        let steps = code.steps();
        let mut stack: Vec<Slot<'a>> = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let slot = match step {
                Step::Column { slot, table, column } => Slot::Column(self.column(*slot, table, *column)),
                Step::Literal(value) => Slot::Literal(value),
                Step::Apply(op) => self.apply(*op, &mut stack),
                Step::InValues(values, had_null) => {
                    let value = operand(&mut stack);
                    Slot::Truth(list::is_in(self.view(&value), values, *had_null, self.len))
                }
                Step::InKeys(keys, is_known) => {
                    let operands = operands(&mut stack, keys.arity());
                    let views: Vec<View<'_, 'a>> = operands.iter().map(|slot| self.view(slot)).collect();
                    Slot::Truth(list::is_in_keys(&views, keys, *is_known, self.len))
                }
                Step::Later(place) => {
                    let operands = operands(&mut stack, place.arity());
                    let views: Vec<View<'_, 'a>> = operands.iter().map(|slot| self.view(slot)).collect();
                    Slot::Truth(later::is_later(&views, place, self.batch))
                }
                // replaced before a run
                Step::Subquery(_) | Step::Related(_) | Step::TooDeep(_) => {
                    stack.truncate(stack.len().saturating_sub(step.arity()));
                    Slot::Literal(&Value::Null)
                }
                Step::Test(test, slot) => self.test(&**test, *slot, steps.get(i + 1), &mut stack),
                Step::Map(map) => {
                    let value = operand(&mut stack);
                    Slot::Vector(text::closure(&**map, self.view(&value), self.len))
                }
            };
            stack.push(slot);
        }
        pop(&mut stack)
    }

    fn column(&mut self, slot: u8, table: &TableMeta, column: u16) -> usize {
        if let Some(at) = self.columns.iter().position(|(known, _)| *known == (slot, column)) {
            return at;
        }
        let mut vector = with_room(table.column(column).kind, self.len);
        self.batch.gather(slot, column, &mut vector);
        self.columns.push(((slot, column), vector));
        self.columns.len() - 1
    }

    fn view<'v>(&'v self, slot: &'v Slot<'a>) -> View<'v, 'a> {
        match slot {
            Slot::Column(at) => View::Vector(&self.columns[*at].1),
            Slot::Vector(vector) => View::Vector(vector),
            Slot::Literal(value) => View::Literal(value),
            // conditions were made vectors when they were taken, and an open case is no expression
            Slot::Truth(_) | Slot::Case(_) => View::Literal(&Value::Null),
        }
    }

    fn answers(&self, slot: Slot<'a>) -> Truth {
        match slot {
            Slot::Truth(truth) => truth,
            Slot::Column(at) => Truth::of_vector(&self.columns[at].1, self.len),
            Slot::Vector(Vector { cells: Cells::Bools(yes), present, faults }) => {
                Truth::new(yes, super::lanes::Marks { present, faults })
            }
            Slot::Vector(vector) => Truth::of_vector(&vector, self.len),
            Slot::Literal(Value::Bool(yes)) => Truth::all(*yes, self.len),
            _ => Truth::of_vector(&Vector::default(), self.len),
        }
    }

    /// A closure over rows. In a chain of `and` or `or` it does not see rows that are settled already.
    fn test(&self, test: &dyn RowTest, first: u8, next: Option<&Step>, stack: &mut [Slot<'a>]) -> Slot<'a> {
        let settled = match next {
            Some(Step::Apply(Op::And)) => Some(Answer::False),
            Some(Step::Apply(Op::Or)) => Some(Answer::True),
            _ => None,
        };
        let left = settled.zip(stack.last_mut()).map(|(settled, left)| {
            let truth = self.answers(std::mem::replace(left, Slot::Literal(&Value::Null)));
            *left = Slot::Truth(truth);
            (settled, &*left)
        });
        let is_settled = |i: usize| match &left {
            Some((settled, Slot::Truth(truth))) => truth.answer(i) == *settled,
            _ => false,
        };
        let mut rows = [None; MAX_SLOTS];
        let rows = &mut rows[..usize::from(test.slots()).min(MAX_SLOTS)];
        let mut passes = |i: usize| {
            rows.iter_mut().zip(first..).for_each(|(row, slot)| *row = self.batch.row(slot, i));
            test.test(rows)
        };
        let yes = (0..self.len).map(|i| !is_settled(i) && passes(i)).collect();
        Slot::Truth(Truth { yes, ..Truth::default() })
    }

    fn apply(&self, op: Op, stack: &mut Vec<Slot<'a>>) -> Slot<'a> {
        let len = self.len;
        let last = pop(stack);
        match op {
            Op::And | Op::Or => {
                let left = self.answers(pop(stack));
                let right = self.answers(last);
                return Slot::Truth(if op == Op::And { left.and(right) } else { left.or(right) });
            }
            Op::Not => return Slot::Truth(self.answers(last).not()),
            Op::IsTrue => return Slot::Truth(Truth { unknown: Vec::new(), ..self.answers(last) }),
            Op::When | Op::OrWhen => {
                let condition = self.answers(pop(stack));
                let mut branches = match (op, stack.pop()) {
                    (Op::OrWhen, Some(Slot::Case(branches))) => branches,
                    (_, below) => {
                        stack.extend(below);
                        Box::new(Branches::new(len))
                    }
                };
                branches.when(&condition, self.view(&last.into_operand()));
                return Slot::Case(branches);
            }
            Op::EndCase => {
                return match last {
                    Slot::Case(case) => Slot::Vector(case.end()),
                    other => other,
                };
            }
            _ => {}
        }
        let last = last.into_operand();
        let value = self.view(&last);
        if op.arity() == 1 {
            return self.unary(op, value);
        }
        let before = operand(stack);
        match op {
            Op::Between => {
                let first = operand(stack);
                Slot::Truth(compare::between(self.view(&first), self.view(&before), value, len))
            }
            Op::Otherwise => match before {
                Slot::Case(branches) => Slot::Vector(branches.otherwise(value)),
                other => other,
            },
            _ => self.binary(op, self.view(&before), value),
        }
    }

    fn unary(&self, op: Op, value: View<'_, 'a>) -> Slot<'a> {
        let len = self.len;
        Slot::Vector(match op {
            Op::IsNull => return Slot::Truth(compare::is_null(value, len)),
            Op::Negate(kind) => arithmetic::negate(kind, value, len),
            Op::Abs(kind) => arithmetic::abs(kind, value, len),
            Op::Round(kind) => arithmetic::round(kind, value, len),
            Op::Length => text::length(value, len),
            Op::DatePart(part, _) => date::part(part, value, len),
            op => text::map(op, value, len),
        })
    }

    fn binary(&self, op: Op, left: View<'_, 'a>, right: View<'_, 'a>) -> Slot<'a> {
        let len = self.len;
        match op {
            Op::Compare(by) => Slot::Truth(compare::compare(by, left, right, len)),
            Op::IsDistinct => Slot::Truth(compare::is_distinct(left, right, len)),
            Op::Text(test) => Slot::Truth(text::test(test, left, right, len)),
            Op::Arithmetic(op, kind) => Slot::Vector(arithmetic::binary(op, kind, left, right, len)),
            Op::Coalesce => Slot::Vector(case::coalesce(left, right, len)),
            #[cfg(feature = "json")]
            Op::JsonPath => Slot::Vector(super::json::part(left, right, len)),
            _ => Slot::Literal(&Value::Null),
        }
    }
}

/// The typed covers write only code that never takes more than it pushed.
fn pop<'a>(stack: &mut Vec<Slot<'a>>) -> Slot<'a> {
    stack.pop().unwrap_or(Slot::Literal(&Value::Null))
}

fn operand<'a>(stack: &mut Vec<Slot<'a>>) -> Slot<'a> {
    pop(stack).into_operand()
}

fn operands<'a>(stack: &mut Vec<Slot<'a>>, arity: usize) -> Vec<Slot<'a>> {
    let operands = stack.split_off(stack.len().saturating_sub(arity));
    operands.into_iter().map(Slot::into_operand).collect()
}
