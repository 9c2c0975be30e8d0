//! `Source`: where the rows of a statement come from, a frame at a time.
use super::batch::FrameBatch;
use super::frame::Frame;
use super::join::Joins;
use super::scan::{Scan, arithmetic_error};
use crate::eval::truth;
use crate::expr::Code;
use crate::model::TableMeta;
use crate::{Error, Result};

pub(super) enum Source<'w, 'p> {
    /// The rows of one table.
    Scan(Scan<'w, 'p>),
    /// Rows that are there already, and how many were handed out.
    Rows(std::vec::IntoIter<Frame<'w>>, usize),
    /// The rows of several tables.
    Joins(Box<Joins<'w, 'p>>),
    /// The rows of another source that pass a condition.
    Filter(Box<Filter<'w, 'p>>),
    /// The rows of one source, then those of another.
    Then(Box<[Self; 2]>),
}

impl<'w, 'p> Source<'w, 'p> {
    /// Rows that are there already.
    pub(super) fn rows(frames: Vec<Frame<'w>>) -> Self {
        Self::Rows(frames.into_iter(), 0)
    }

    /// The rows of `from` for which `condition` is true.
    pub(super) fn filtered(from: Self, condition: Option<Code>, meta: &'static TableMeta) -> Self {
        match condition {
            Some(condition) => Self::Filter(Box::new(Filter { from, condition, meta, failed: None })),
            None => from,
        }
    }

    /// The rows of `first`, then those of `second`.
    pub(super) fn then(first: Self, second: Self) -> Self {
        Self::Then(Box::new([first, second]))
    }

    /// The next rows; `None` at the end. A frame may be empty.
    ///
    /// # Errors
    /// `Arithmetic`: of the first row in row order, after all rows before it.
    pub(super) fn next(&mut self) -> Result<Option<Frame<'w>>> {
        match self {
            Self::Scan(scan) => Ok(scan.next()?.map(Frame::from)),
            Self::Rows(frames, seen) => Ok(frames.next().inspect(|frame| *seen += frame.len())),
            Self::Joins(joins) => joins.next(),
            Self::Filter(filter) => filter.next(),
            Self::Then(both) => {
                let [first, second] = &mut **both;
                first.next()?.map_or_else(|| second.next(), |frame| Ok(Some(frame)))
            }
        }
    }

    /// How many rows are there already.
    pub(super) fn len_hint(&self) -> usize {
        match self {
            Self::Rows(frames, _) => frames.as_slice().iter().map(Frame::len).sum(),
            Self::Filter(filter) => filter.from.len_hint(),
            Self::Then(both) => both.iter().map(Self::len_hint).sum(),
            Self::Scan(_) | Self::Joins(_) => 0,
        }
    }

    /// How many rows were looked at.
    pub(super) fn seen(&self) -> usize {
        match self {
            Self::Scan(scan) => scan.seen(),
            Self::Rows(_, seen) => *seen,
            Self::Joins(joins) => joins.seen(),
            Self::Filter(filter) => filter.from.seen(),
            Self::Then(both) => both.iter().map(Self::seen).sum(),
        }
    }

    /// The joins, where there are any.
    pub(super) fn joins(&self) -> Option<&Joins<'w, 'p>> {
        match self {
            Self::Joins(joins) => Some(joins),
            Self::Filter(filter) => filter.from.joins(),
            Self::Scan(_) | Self::Rows(..) | Self::Then(_) => None,
        }
    }
}

pub(super) struct Filter<'w, 'p> {
    from: Source<'w, 'p>,
    condition: Code,
    meta: &'static TableMeta,
    /// An error that comes after the rows before it.
    failed: Option<Error>,
}

impl<'w> Filter<'w, '_> {
    fn next(&mut self) -> Result<Option<Frame<'w>>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let Some(mut frame) = self.from.next()? else { return Ok(None) };
        let batch = FrameBatch::new(&frame);
        let truth = truth(&self.condition, &batch);
        let end = truth.faults.first().map(|(lane, fault)| {
            self.failed = Some(arithmetic_error(self.meta, &self.condition, &batch, *lane, *fault));
            *lane as usize
        });
        frame.retain_true(&truth.yes[..end.unwrap_or(truth.yes.len())]);
        Ok(Some(frame))
    }
}
