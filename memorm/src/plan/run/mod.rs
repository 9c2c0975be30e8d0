//! `Run`: a plan at work. Pulled group by group, so that a `first` or a `limit` stops early.
//!
//! A chain of set operations is flat; sets of sets nest no deeper than a plan allows.
mod begin;

use crate::expr::Item;
use crate::plan::distinct::Distinct;
use crate::plan::explain::JoinExplain;
use crate::plan::frame::Frame;
use crate::plan::join::Joins;
use crate::plan::overlay::Overlay;
use crate::plan::sort::sort;
use crate::plan::source::Source;
use crate::plan::top::Top;
use crate::plan::way::Way;
use crate::plan::window::{has_windows, windows};
use crate::query::{Origin, Plan};
use crate::trace::Span;
use crate::world::{Budget, World};
use crate::{Error, Result};

/// Some rows of the result, and what is computed of each.
#[doc(hidden)]
pub struct Group<'w, 'p> {
    pub(crate) frame: Frame<'w>,
    pub(crate) items: &'p [Item],
}

impl std::fmt::Debug for Group<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("rows", &self.frame.len()).finish_non_exhaustive()
    }
}

pub(crate) struct Run<'w, 'p> {
    plan: &'p Plan,
    stage: Stage<'w, 'p>,
    distinct: Option<Distinct>,
    skip: usize,
    left: usize,
    /// How the rows are found, for `explain`.
    way: Way,
    pub(super) expected: usize,
    seen: usize,
    /// Lets go of rows while they are collected.
    top: Option<Top<'p>>,
    /// The joins of rows that were sorted since.
    joins: Vec<JoinExplain>,
    /// An error that comes after the rows before it.
    failed: Option<Error>,
    /// Of the whole run, which goes on from batch to batch.
    budget: Budget,
    span: Span,
}

enum Stage<'w, 'p> {
    /// Rows as they come.
    Stream(Source<'w, 'p>),
    /// Rows that are being collected: to be sorted, or for window functions.
    Collecting(Source<'w, 'p>, Frame<'w>),
    /// Rows that had to be collected first.
    Ready(std::vec::IntoIter<Group<'w, 'p>>),
}

impl<'w, 'p> Run<'w, 'p> {
    /// Starts a plan; `cap` rows are enough.
    pub(crate) fn new(world: &'w World, plan: &'p Plan, cap: Option<usize>) -> Result<Self> {
        Self::over(world, plan, cap, None)
    }

    /// Starts a plan on what lies on top of a version.
    pub(crate) fn over(
        world: &'w World,
        plan: &'p Plan,
        cap: Option<usize>,
        overlay: Option<&'w Overlay>,
    ) -> Result<Self> {
        let left = plan.limit.unwrap_or(usize::MAX).min(cap.unwrap_or(usize::MAX));
        let mut run = Self {
            plan,
            stage: Stage::Ready(Vec::new().into_iter()),
            distinct: plan.distinct.then(Distinct::default),
            skip: plan.offset,
            left,
            way: Way::Nothing,
            expected: 0,
            seen: 0,
            top: None,
            joins: Vec::new(),
            failed: None,
            budget: Budget::start(world, plan.table.name),
            span: Span::statement("select", plan.table.name),
        };
        if !has_windows(&plan.items) {
            run.top = Top::new(&plan.order, run.wanted());
        }
        if plan.limit != Some(0) {
            let span = Span::clone(&run.span);
            let _in_span = span.enter();
            run.begin(world, overlay)?;
        }
        Ok(run)
    }

    /// How many rows are wanted of the sorted ones; `None` for all.
    fn wanted(&self) -> Option<usize> {
        if self.distinct.is_some() || self.left == usize::MAX {
            return None;
        }
        self.skip.checked_add(self.left)
    }

    /// How many rows are wanted where they are taken as they come.
    fn streamed(&self) -> Option<usize> {
        self.wanted().filter(|_| self.is_streamed())
    }

    /// How many rows are pulled at the least before the run can end; `None` for all.
    fn pulled(&self) -> Option<usize> {
        (self.is_streamed() && self.left != usize::MAX).then(|| self.skip.saturating_add(self.left))
    }

    /// Whether rows are taken as they come: nothing about one depends on those after it.
    fn is_streamed(&self) -> bool {
        self.plan.order.is_empty() && !has_windows(&self.plan.items)
    }

    /// The rows as they come, or to be collected.
    fn staged(&self, source: Source<'w, 'p>) -> Stage<'w, 'p> {
        if self.is_streamed() { Stage::Stream(source) } else { Stage::Collecting(source, Frame::new()) }
    }

    /// How many rows there are at the most, where that is a good guess of how many there are; else 0.
    pub(crate) fn len_hint(&self) -> usize {
        let is_scan = matches!(self.way, Way::Scan) && self.plan.filter.is_some();
        if is_scan || !self.plan.joins.is_empty() || matches!(self.plan.origin, Origin::Set(..)) {
            return 0;
        }
        self.expected.saturating_sub(self.skip).min(self.left)
    }

    /// The next rows; `None` at the end. A group may be empty.
    pub(crate) fn next(&mut self) -> Result<Option<Group<'w, 'p>>> {
        let span = self.span.clone();
        let _in_span = span.enter();
        self.budget.check(0, 0)?;
        self.advance()
    }

    /// Checks that the caller may hold so many rows of the result.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn check_held<T>(&self, rows: &[T]) -> Result<()> {
        self.budget.check(rows.len(), size_of::<T>())
    }

    fn advance(&mut self) -> Result<Option<Group<'w, 'p>>> {
        if self.left == 0 {
            return Ok(None);
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let group = match &mut self.stage {
            Stage::Stream(rows) => rows.next()?.map(|frame| Group { frame, items: &self.plan.items }),
            Stage::Collecting(source, rows) => {
                if let Some(mut more) = source.next()? {
                    if let Some(top) = &mut self.top {
                        top.retain(&mut more);
                    }
                    rows.append(more);
                    self.budget.check(rows.len(), size_of::<usize>())?;
                } else {
                    self.finish_collecting()?;
                }
                return Ok(Some(Group { frame: Frame::new(), items: &self.plan.items }));
            }
            Stage::Ready(groups) => groups.next(),
        };
        let Some(mut group) = group else { return Ok(None) };
        if let Some(distinct) = &mut self.distinct {
            self.failed = distinct.keep(self.plan.table, group.items, &mut group.frame);
        }
        self.cut(&mut group.frame);
        Ok(Some(group))
    }

    /// Computes window functions over what was collected, and sorts it.
    fn finish_collecting(&mut self) -> Result<()> {
        let wanted = self.wanted();
        let Stage::Collecting(source, rows) = &mut self.stage else { return Ok(()) };
        self.seen = source.seen();
        self.joins = source.joins().map(Joins::explain).unwrap_or_default();
        let Plan { table, items, order, .. } = self.plan;
        if has_windows(items) {
            let computed = windows(table, items, rows)?;
            rows.windows = Some(computed);
        }
        let frame = match order.is_empty() {
            true => std::mem::replace(rows, Frame::new()),
            false => sort(table, rows, order, wanted)?,
        };
        self.stage = Stage::Ready(vec![Group { frame, items: &self.plan.items }].into_iter());
        Ok(())
    }

    /// Applies offset and limit.
    fn cut(&mut self, frame: &mut Frame<'w>) {
        if self.skip == 0 && self.left == usize::MAX {
            return;
        }
        let rows = frame.len();
        let skipped = self.skip.min(rows);
        let kept = (rows - skipped).min(self.left);
        self.skip -= skipped;
        if self.left != usize::MAX {
            self.left -= kept;
        }
        if kept < rows {
            frame.retain(|lane| lane >= skipped && lane - skipped < kept);
        }
    }

    /// How the rows are found, in words.
    pub(super) fn describe(&self) -> String {
        let is_sorted = !self.plan.order.is_empty() && !matches!(self.way, Way::Order(_) | Way::Nothing);
        self.way.describe(self.plan.table, is_sorted)
    }

    /// What the joins have done so far.
    pub(super) fn joins(&self) -> Vec<JoinExplain> {
        match &self.stage {
            Stage::Stream(source) | Stage::Collecting(source, _) => {
                source.joins().map(Joins::explain).unwrap_or_default()
            }
            Stage::Ready(_) => self.joins.clone(),
        }
    }

    /// How many rows were looked at so far.
    pub(super) fn seen(&self) -> usize {
        match &self.stage {
            Stage::Stream(source) | Stage::Collecting(source, _) => source.seen(),
            Stage::Ready(_) => self.seen,
        }
    }
}
