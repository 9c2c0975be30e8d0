//! Joins: rows of several tables, side by side.
//!
//! ```text
//!   left rows, in order ──► step 1 ──► step 2 ──► … ──► filter        a frame of about a thousand lanes at a time
//!                             │          │
//!                           probe      probe       which right rows belong to a left row: a hash table over the
//!                                                  right rows, a key or index of theirs, or all of them
//! ```
//!
//! An inner join also works backwards: where few right rows are left, [`narrow`] finds the rows before that can have
//! partners at all, so that a scan looks at those alone.
//!
//! [`split`] takes the statement's conditions apart: what concerns one table goes to its scan, an equality between a
//! table and those before it becomes the key of a probe, the rest is tested as soon as all its tables are there.
//!
//! Must stay true: rows come in the order of the left rows, then in that of the right ones, whatever the probe. A
//! condition that can fail is evaluated for every row that all other conditions let through, and never below a join.
//! Not here: the choice of an index for a scan.

mod keys;
mod narrow;
mod probe;
mod split;
mod step;

use super::explain::JoinExplain;
use super::frame::Frame;
use super::scan::Scan;
use super::source::Source;
use super::way::Way;
use crate::Result;
use crate::query::Plan;
use crate::world::World;
use narrow::{Narrowed, Narrowing};
use split::Split;
use step::JoinStep;

/// Left rows with the rows of all joined tables.
pub(crate) struct Joins<'w, 'p> {
    left: Source<'w, 'p>,
    steps: Vec<JoinStep<'w>>,
}

impl<'w, 'p> Joins<'w, 'p> {
    /// The rows of a plan's tables that pass its filter. `base` has rows that are there already; else the plan's table is
    /// scanned. `wanted` rows are enough. Returns the source with what the left side is expected to give.
    pub(super) fn begin(
        world: &'w World,
        plan: &'p Plan,
        base: Option<Source<'w, 'p>>,
        wanted: Option<usize>,
    ) -> Result<(Source<'w, 'p>, Way, usize)> {
        let split = Split::of(plan, base.is_none());
        let scan = match &base {
            Some(_) => None,
            None => {
                let table = world.table_where(plan.table, split.scan.as_ref());
                Some(Scan::owning(table, split.scan.clone()))
            }
        };
        let expected =
            scan.as_ref().map_or_else(|| base.as_ref().map_or(0, Source::len_hint), |s| s.expected);
        // a statement that stops early looks at few left rows
        let lanes = wanted.map_or(expected, |wanted| expected.min(wanted.saturating_mul(4)));
        let mut narrowing = Narrowing::new(world, plan, scan.as_ref().map(|scan| scan.expected), &split);
        let mut steps = Vec::with_capacity(plan.joins.len());
        for (join, parts) in plan.joins.iter().zip(split.steps).rev() {
            narrowing.by_links(join, &parts)?;
            let lanes = narrowing.lanes(lanes);
            let step = JoinStep::new(world, join, parts, lanes, narrowing.take(join.slot))?;
            narrowing.by_step(&step, join.slot);
            steps.push(step);
        }
        steps.reverse();
        let mut rows = narrowing.lanes(lanes);
        let (left, way, expected) = match (base, narrowing.take(0), world.known_table(plan.table)) {
            (Some(base), ..) => (base, Way::Combined(1), expected),
            (None, Some(Narrowed { ids, way }), Some(table)) => {
                let rows = ids.len();
                (Source::Scan(Scan::of_some(table, ids, split.scan)), way, rows)
            }
            _ => {
                let scan = scan.unwrap_or_else(|| Scan::owning(None, None));
                let way = scan.way;
                (Source::Scan(scan), way, expected)
            }
        };
        for step in &mut steps {
            rows = step.expect(rows);
        }
        let joins = Source::Joins(Box::new(Self { left, steps }));
        Ok((Source::filtered(joins, split.rest, plan.table), way, expected))
    }

    /// The next rows; `None` at the end. A frame may be empty.
    pub(super) fn next(&mut self) -> Result<Option<Frame<'w>>> {
        // from the last step that has rows to go on with, towards the right; at most as many steps as there are tables
        let mut at = self.steps.iter().rposition(JoinStep::is_busy).unwrap_or(0);
        if !self.steps[at].is_busy() {
            let Some(frame) = self.left.next()? else { return Ok(None) };
            self.steps[0].feed(frame);
        }
        loop {
            let frame = self.steps[at].next()?;
            at += 1;
            if at == self.steps.len() || frame.len() == 0 {
                return Ok(Some(frame));
            }
            self.steps[at].feed(frame);
        }
    }

    /// How many rows were looked at, on all sides.
    pub(super) fn seen(&self) -> usize {
        self.left.seen() + self.steps.iter().map(|step| step.seen).sum::<usize>()
    }

    /// What each join has done so far.
    pub(super) fn explain(&self) -> Vec<JoinExplain> {
        let explain = |step: &JoinStep<'_>| JoinExplain {
            access: step.describe(),
            rows_expected: step.expected,
            rows_seen: step.seen,
        };
        self.steps.iter().map(explain).collect()
    }
}
