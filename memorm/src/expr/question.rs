//! Questions inside of expressions: subqueries, and conditions on related rows.
//!
//! ```text
//!   VENDOR_ID in (select ID from vendors where ..)     column │ in subquery                 asked once
//!   ITEMS.any(PRICE > 5)                               key column of the vendor │ related   by equal values
//! ```
//!
//! Both are data: a plan behind a pointer, or a path with a filter of its own. Before a run they are replaced by what
//! they come to, so that evaluation never meets one.
use super::code::{Code, Step};
use crate::model::{Path, TableMeta};
use std::any::Any;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

/// How deep questions, and sets of sets, nest at the most: printing, dropping and answering them recurses.
pub(crate) const MAX_DEPTH: u8 = 16;

/// What is asked: a plan, which lies above expressions. `Display` writes it as `select price from items`.
pub trait Question: Any + Debug + Display + Send + Sync {
    /// Returns how deep questions nest in this one.
    fn depth(&self) -> u8;
}

/// A question that does not depend on the row it is asked for.
#[derive(Clone, Debug)]
pub struct Subquery {
    /// What is asked.
    pub question: Arc<dyn Question>,
    /// What the answer is taken for.
    pub purpose: Purpose,
    depth: u8,
}

/// What the answer of a subquery is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Is the value on top among the answers?
    In,
    /// Is there a row?
    Exists,
    /// The one value; `None` where there is no row.
    Value,
}

/// A condition on the rows that a row leads to; takes the key columns that lead there.
#[derive(Clone, Debug)]
pub struct Related {
    /// The relation's constant, as `ITEMS`.
    pub relation: &'static str,
    /// Which rows belong together.
    pub path: Path,
    /// The table where the relation leads.
    pub target: &'static TableMeta,
    /// How many of the related rows must pass.
    pub how: Quantifier,
    /// The condition on a related row.
    pub filter: Code,
    depth: u8,
    can_fail: bool,
}

/// How many related rows must pass a condition. None of them is ever unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// The condition is true for one at least.
    Any,
    /// The condition is true for none.
    None,
    /// There is none for which the condition is not true.
    Every,
}

impl Code {
    /// An expression that asks `question`; `left` is the value to be found where there is one.
    pub(crate) fn ask(left: Self, question: Arc<dyn Question>, purpose: Purpose) -> Self {
        let depth = question.depth() + 1;
        let step = if depth > MAX_DEPTH {
            Step::TooDeep(u8::from(purpose == Purpose::In))
        } else {
            Step::Subquery(Subquery { question, purpose, depth })
        };
        left.and_step(step)
    }

    /// A condition on the rows that rows of `from` lead to.
    pub(super) fn related(
        from: &'static TableMeta,
        (relation, path, target): (&'static str, Path, &'static TableMeta),
        how: Quantifier,
        filter: Self,
    ) -> Self {
        let columns = path.from.iter().map(|column| Self::column(from, *column));
        let mut code = Self(columns.flat_map(|code| code.0).collect());
        let depth = filter.depth() + 1;
        code.0.push(if depth > MAX_DEPTH {
            Step::TooDeep(path.from.len() as u8)
        } else {
            let can_fail = filter.can_fail() || filter.0.iter().any(Step::asks_what_can_fail);
            Step::Related(Arc::new(Related { relation, path, target, how, filter, depth, can_fail }))
        });
        code
    }

    /// How deep questions nest in this expression.
    pub(crate) fn depth(&self) -> u8 {
        let depth = |step: &Step| match step {
            Step::Related(related) => related.depth,
            Step::Subquery(subquery) => subquery.depth,
            Step::TooDeep(_) => MAX_DEPTH,
            _ => 0,
        };
        self.0.iter().map(depth).max().unwrap_or(0)
    }

    /// Whether there is a question to be answered before a run.
    pub(crate) fn has_questions(&self) -> bool {
        self.0.iter().any(Step::is_question)
    }
}

impl Step {
    /// Whether this is to be replaced before a run.
    pub(crate) fn is_question(&self) -> bool {
        matches!(self, Self::Subquery(_) | Self::Related(_) | Self::TooDeep(_))
    }

    fn asks_what_can_fail(&self) -> bool {
        matches!(self, Self::Related(related) if related.can_fail)
    }
}

impl Related {
    /// Whether the condition may have no answer for some row. Such a condition is asked of every row.
    pub(crate) fn can_fail(&self) -> bool {
        self.can_fail
    }
}

impl Display for Related {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            Quantifier::Any => "any",
            Quantifier::None => "none",
            Quantifier::Every => "every",
        };
        write!(f, "{} {how} ({})", self.relation, self.filter)
    }
}
