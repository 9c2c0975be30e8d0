//! `Explain`: how a query finds its rows.
use super::resolve::Resolver;
use super::run::Run;
use crate::Result;
use crate::query::Plan;
use crate::world::World;
use std::fmt;

/// How a query finds its rows, from `query.explain(&session)`. `Display` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explain {
    /// The index, key or scan that finds the rows.
    pub access: String,
    /// The joins, in the order in which they are made.
    pub joins: Vec<JoinExplain>,
    /// The condition, if there is one.
    pub filter: Option<String>,
    /// The key of the row after which the rows come.
    pub after: Option<String>,
    /// The sort keys.
    pub order: Vec<String>,
    /// What became of each question inside of the statement, the innermost first; then what was loaded
    /// beside the rows.
    pub questions: Vec<String>,
    /// How many rows the access path promises.
    pub rows_expected: usize,
    /// How many rows were looked at.
    pub rows_seen: usize,
    /// How many rows came out.
    pub rows: usize,
}

/// One join of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JoinExplain {
    /// The table, and the key, index or hash table that finds its rows.
    pub access: String,
    /// How many joined rows the counts of both sides promise.
    pub rows_expected: usize,
    /// How many rows of the joined table were looked at.
    pub rows_seen: usize,
}

impl fmt::Display for Explain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.access)?;
        if !self.joins.is_empty() {
            let joined: usize = self.joins.iter().map(|join| join.rows_seen).sum();
            write!(f, ": {} expected, {} seen", self.rows_expected, self.rows_seen.saturating_sub(joined))?;
        }
        writeln!(f)?;
        for join in &self.joins {
            writeln!(f, "  {}: {} expected, {} seen", join.access, join.rows_expected, join.rows_seen)?;
        }
        if let Some(filter) = &self.filter {
            writeln!(f, "  filter: {filter}")?;
        }
        if !self.order.is_empty() {
            writeln!(f, "  order by: {}", self.order.join(", "))?;
        }
        if let Some(key) = &self.after {
            writeln!(f, "  after: {key}")?;
        }
        self.questions.iter().try_for_each(|question| writeln!(f, "  asked: {question}"))?;
        let expected = self.joins.last().map_or(self.rows_expected, |join| join.rows_expected);
        write!(f, "  rows: {expected} expected, {} seen, {} found", self.rows_seen, self.rows)
    }
}

/// Runs the plan and tells what it did.
pub(crate) fn explain(world: &World, plan: &Plan) -> Result<Explain> {
    let mut resolver = Resolver { world, notes: Some(Vec::new()) };
    let resolved = resolver.plan(plan)?;
    let mut run = Run::new(world, &resolved, None)?;
    let mut rows = 0;
    while let Some(group) = run.next()? {
        rows += group.frame.len();
    }
    Ok(Explain {
        access: run.describe(),
        joins: run.joins(),
        filter: plan.filter.as_ref().map(ToString::to_string),
        after: plan.after.as_ref().map(ToString::to_string),
        order: plan.order.iter().map(ToString::to_string).collect(),
        questions: resolver.notes.unwrap_or_default(),
        rows_expected: run.expected,
        rows_seen: run.seen(),
        rows,
    })
}
