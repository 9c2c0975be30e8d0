//! Window functions as data.
//!
//! Not here: how they are computed.
use super::aggregate::{AggregateTerm, Function};
use super::code::Code;
use super::order::OrderTerm;
use std::fmt;

/// What a window function computes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum WindowFunction {
    /// The place of the row in its partition, from 1.
    RowNumber,
    /// One more than the rows that stand before the row and its peers.
    Rank,
    /// One more than the groups of peers that stand before the row.
    DenseRank,
    /// The value so many rows earlier.
    Lag(usize),
    /// The value so many rows later.
    Lead(usize),
    /// An aggregate of the rows up to the last peer of the row; of the whole partition where there is no order.
    Aggregated(Function),
}

/// A function over a window, as data.
#[derive(Clone, Debug)]
pub struct WindowTerm {
    /// What is computed.
    pub function: WindowFunction,
    /// What it is computed of; `None` for ranks and `count()`.
    pub of: Option<Code>,
    /// What rows of a partition have in common; empty for one partition of all rows.
    pub partition: Vec<Code>,
    /// How the rows of a partition are sorted; rows that are equal in all keys are peers.
    pub order: Vec<OrderTerm>,
}

impl WindowTerm {
    /// The expressions that are computed for the window.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &Code> {
        let of_order = self.order.iter().map(|term| &term.code);
        self.of.iter().chain(&self.partition).chain(of_order)
    }
    pub(super) fn codes_mut(&mut self) -> impl Iterator<Item = &mut Code> {
        let of_order = self.order.iter_mut().map(|term| &mut term.code);
        self.of.iter_mut().chain(&mut self.partition).chain(of_order)
    }
}

impl fmt::Display for WindowTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.of.as_ref().map(ToString::to_string).unwrap_or_default();
        match self.function {
            WindowFunction::RowNumber => f.write_str("row_number()")?,
            WindowFunction::Rank => f.write_str("rank()")?,
            WindowFunction::DenseRank => f.write_str("dense_rank()")?,
            WindowFunction::Lag(rows) => write!(f, "lag({of}, {rows})")?,
            WindowFunction::Lead(rows) => write!(f, "lead({of}, {rows})")?,
            WindowFunction::Aggregated(function) => AggregateTerm { function, of: self.of.clone() }.fmt(f)?,
        }
        let list = |parts: Vec<String>| parts.join(", ");
        f.write_str(" over (")?;
        if !self.partition.is_empty() {
            write!(f, "partition by {}", list(self.partition.iter().map(ToString::to_string).collect()))?;
        }
        if !self.order.is_empty() {
            let gap = if self.partition.is_empty() { "" } else { " " };
            write!(f, "{gap}order by {}", list(self.order.iter().map(ToString::to_string).collect()))?;
        }
        f.write_str(")")
    }
}
