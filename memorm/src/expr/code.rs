//! `Code`: an expression as data, without types.
//!
//! ```text
//!   QTY * 2 > 6 & ACTIVE      column 3 │ literal 2 │ * │ literal 6 │ > │ column 5 │ and
//! ```
//!
//! A flat list in postfix order. Building appends, cloning copies a `Vec`, and evaluation, printing and dropping are
//! loops over it: a chain of a million `|` overflows no stack. The planner and `explain` read [`Code::steps`]; only
//! closures are opaque.
use super::op::{Op, TextTest};
use super::order::Position;
use super::question::{Purpose, Related, Subquery};
use crate::model::{AnyRow, TableMeta};
use crate::value::{Cell, KeySet, Value};
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

/// Tables in a join at the most.
pub(crate) const MAX_SLOTS: usize = 6;

/// An expression as data, in postfix order.
#[derive(Clone, Default)]
pub struct Code(pub(crate) Vec<Step>);

/// One step: pushes a value, or takes as many values as its operator needs and pushes the result.
#[derive(Clone)]
#[non_exhaustive]
pub enum Step {
    /// A column of the row.
    Column {
        /// Which table of a join; 0 in a statement over one.
        slot: u8,
        /// The column's table.
        table: &'static TableMeta,
        /// The column's position.
        column: u16,
    },
    /// A constant.
    Literal(Value),
    /// An operator.
    Apply(Op),
    /// Is the value on top one of these? Sorted, without `Null`; the flag tells whether there was one.
    InValues(Arc<[Value]>, bool),
    /// A closure over whole rows: a condition. It sees the tables from this slot on.
    Test(Arc<dyn RowTest>, u8),
    /// A closure over the value on top.
    Map(Arc<dyn ValueMap>),
    /// A question that is asked once. Replaced before a run.
    Subquery(Subquery),
    /// A condition on related rows; takes the key columns that lead to them. Replaced before a run.
    Related(Arc<Related>),
    /// A question in questions, too deep to be asked: an error when the statement runs. Takes so many values.
    TooDeep(u8),
    /// Are the values on top, one for each column, one of these keys? Where the flag is set, never unknown: what holds a
    /// `None` is no key.
    InKeys(Arc<KeySet>, bool),
    /// Do the sort keys on top come after a place in the order of the statement? Never unknown. Of rows with the keys of the
    /// place, the row ids in the first table decide.
    Later(Arc<Position>),
}

impl Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column { table, column, .. } => write!(f, "{}.{}", table.name, table.column(*column).name),
            Self::Literal(value) => write!(f, "{value}"),
            Self::Apply(op) => op.fmt(f),
            Self::InValues(values, _) => write!(f, "In({} values)", values.len()),
            Self::Test(..) | Self::Map(_) => f.write_str("closure"),
            Self::Subquery(subquery) => write!(f, "{:?}({})", subquery.purpose, subquery.question),
            Self::Related(related) => Display::fmt(related, f),
            Self::TooDeep(_) => f.write_str("TooDeep"),
            Self::InKeys(keys, _) => write!(f, "In({} keys)", keys.len()),
            Self::Later(place) => write!(f, "Later({place})"),
        }
    }
}

/// A closure over a row, as `filter_with` takes it.
pub trait RowTest: Send + Sync {
    /// Returns how many tables the closure sees.
    fn slots(&self) -> u8;
    /// Tells whether a row passes: its parts, `None` for one that a left join did not find.
    fn test(&self, row: &[Option<&dyn AnyRow>]) -> bool;
}

/// A closure over a value, as `map` takes it.
pub trait ValueMap: Send + Sync {
    /// Computes what the value turns into.
    fn map(&self, value: Cell<'_>) -> Value;
}

impl Code {
    /// Whether the caller's code runs in it.
    pub(crate) fn has_closures(&self) -> bool {
        self.0.iter().any(|step| matches!(step, Step::Test(..) | Step::Map(_)))
    }

    /// Borrows the steps, in the order in which they run.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Tells whether some row may give an error instead of a value. Such a filter is evaluated for every row.
    pub fn can_fail(&self) -> bool {
        self.0.iter().enumerate().any(|(i, step)| match step {
            // a literal pattern or path was checked when the step before was written
            Step::Apply(Op::Text(TextTest::Like | TextTest::ILike)) => {
                !matches!(self.0.get(i.wrapping_sub(1)), Some(Step::Literal(Value::Text(p))) if !ends_in_escape(p))
            }
            #[cfg(feature = "json")]
            Step::Apply(Op::JsonPath) => {
                !matches!(self.0.get(i.wrapping_sub(1)), Some(Step::Literal(Value::Text(p))) if super::path::parse_path(p).is_some())
            }
            Step::Apply(op) => op.can_fail(),
            _ => false,
        })
    }

    pub(crate) fn column(table: &'static TableMeta, column: u16) -> Self {
        // most columns are compared with something
        let mut steps = Vec::with_capacity(4);
        steps.push(Step::Column { slot: 0, table, column });
        Self(steps)
    }
    pub(crate) fn literal(value: Value) -> Self {
        Self(vec![Step::Literal(value)])
    }
    pub(crate) fn of_steps(steps: Vec<Step>) -> Self {
        Self(steps)
    }
    pub(crate) fn step(step: Step) -> Self {
        Self(vec![step])
    }
    pub(crate) fn then(mut self, op: Op) -> Self {
        self.0.push(Step::Apply(op));
        self
    }
    pub(crate) fn with(mut self, right: Self, op: Op) -> Self {
        self.0.extend(right.0);
        self.then(op)
    }
    pub(crate) fn and_step(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }
    /// The expression over one table, for the place that the table has in a join.
    pub(crate) fn at_slot(mut self, to: u8) -> Self {
        if to != 0 {
            for step in &mut self.0 {
                if let Step::Column { slot, .. } | Step::Test(_, slot) = step {
                    *slot = to;
                }
            }
        }
        self
    }
    /// `And` or `Or` of two conditions.
    ///
    /// Both are commutative, faults included, so the shorter side is appended to a long one: chains that grow at the
    /// front are built in linear time as well.
    pub(crate) fn join(self, right: Self, op: Op) -> Self {
        if right.0.len() > LONG && right.0.len() > self.0.len() {
            right.with(self, op)
        } else {
            self.with(right, op)
        }
    }
    /// `self` and `more`, where there is more.
    pub(crate) fn and(filter: Option<Self>, more: Self) -> Self {
        match filter {
            Some(filter) => filter.with(more, Op::And),
            None => more,
        }
    }

    /// The conditions that all must hold, in order: the operands of the outermost `and`s, each a sub-expression.
    pub(crate) fn conjuncts(&self) -> Vec<&[Step]> {
        operands(&self.0, Op::And)
    }

    /// Where the steps of each sub-expression begin: the expression that ends with step `i` is `starts[i]..=i`.
    pub(crate) fn starts(&self) -> Vec<usize> {
        starts(&self.0)
    }
}

fn starts(steps: &[Step]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate() {
        let start = (0..step.arity()).fold(i, |end, _| starts[end - 1]);
        starts.push(start);
    }
    starts
}

/// The operands of the outermost `and`s or `or`s of an expression, in order, each a sub-expression.
pub(crate) fn operands(steps: &[Step], joined_by: Op) -> Vec<&[Step]> {
    let is_joined = |step: &Step| matches!(step, Step::Apply(op) if *op == joined_by);
    match steps.last() {
        None => return Vec::new(),
        Some(last) if !is_joined(last) => return vec![steps],
        Some(_) => {}
    }
    let starts = starts(steps);
    let mut found = Vec::new();
    let mut open = vec![steps.len() - 1];
    while let Some(end) = open.pop() {
        if is_joined(&steps[end]) {
            open.push(starts[end - 1] - 1);
            open.push(end - 1);
        } else {
            found.push(&steps[starts[end]..=end]);
        }
    }
    found.reverse();
    found
}

/// Conditions of fewer steps keep the order in which they were written.
const LONG: usize = 1_024;

impl Step {
    /// Returns how many values the step takes before it pushes one.
    pub fn arity(&self) -> usize {
        match self {
            Self::Column { .. } | Self::Literal(_) | Self::Test(..) => 0,
            Self::InValues(..) | Self::Map(_) => 1,
            Self::Subquery(subquery) => usize::from(subquery.purpose == Purpose::In),
            Self::Related(related) => related.path.from.len(),
            Self::TooDeep(arity) => usize::from(*arity),
            Self::InKeys(keys, _) => keys.arity(),
            Self::Later(place) => place.arity(),
            Self::Apply(op) => op.arity(),
        }
    }
}

/// Whether a pattern ends in a `\` that escapes nothing.
pub(crate) fn ends_in_escape(pattern: &str) -> bool {
    pattern.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}
