//! `Top`: while rows come, lets go of those that cannot be among the first of a sort: `order_by(QTY.desc()).limit(10)`.
use super::batch::FrameBatch;
use super::frame::Frame;
use crate::eval::{Rank, evaluate};
use crate::expr::{Code, OrderTerm};

/// A bound is worth a look at it from so many rows on.
const LEAST: usize = 64;

/// What is known of the first sort key of the rows so far.
pub(super) struct Top<'p> {
    order: &'p [OrderTerm],
    keep: usize,
    /// The first sort keys of the best rows, and of some others.
    best: Vec<Rank>,
    /// The last of the `keep` best: what comes behind it is not wanted.
    bound: Option<Rank>,
}

impl<'p> Top<'p> {
    /// For the first `keep` rows; `None` where a row that is not wanted may still matter, by an error.
    pub(super) fn new(order: &'p [OrderTerm], keep: Option<usize>) -> Option<Self> {
        let can_fail = order.iter().any(|term| Code::can_fail(&term.code));
        let keep = keep.filter(|keep| *keep > 0 && !can_fail && !order.is_empty())?;
        Some(Self { order, keep, best: Vec::new(), bound: None })
    }

    /// Keeps the rows that may be wanted. They come behind all rows so far.
    pub(super) fn retain(&mut self, frame: &mut Frame<'_>) {
        let Some(term) = self.order.first() else { return };
        let batch = FrameBatch::new(frame);
        let key = evaluate(&term.code, &batch);
        let ranks = Rank::of_lanes(&key, term);
        let Some(bound) = self.bound else {
            self.best.extend(ranks.all());
            return self.tighten();
        };
        // of rows that are equal in all keys the earlier ones are wanted
        let is_settled = self.order.len() == 1 && ranks.are_exact();
        let yes = ranks.within(bound, !is_settled);
        let kept = yes.iter().enumerate().filter(|(_, yes)| **yes);
        self.best.extend(kept.map(|(lane, _)| ranks.at(lane)));
        drop(batch);
        frame.retain_true(&yes);
        self.tighten();
    }

    fn tighten(&mut self) {
        if self.best.len() < self.keep.saturating_mul(2).max(LEAST) {
            return;
        }
        let (_, last, _) = self.best.select_nth_unstable(self.keep - 1);
        self.bound = Some(*last);
        self.best.truncate(self.keep);
    }
}
