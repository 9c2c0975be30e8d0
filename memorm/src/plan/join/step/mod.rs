//! `JoinStep`: one join at work.
mod choose;

use crate::eval::{evaluate, truth};
use crate::expr::Code;
use crate::model::TableMeta;
use crate::plan::batch::{FrameBatch, single_rows};
use crate::plan::frame::{Frame, LANES, Part, Rows};
use crate::plan::join::keys::Groups;
use crate::plan::join::probe::Probe;
use crate::plan::scan::arithmetic_error;
use crate::table::Block;
use crate::value::Vector;
use crate::{Error, Result};

/// Adds the partners of left rows, a frame at a time.
pub(super) struct JoinStep<'w> {
    pub(super) table: &'static TableMeta,
    is_left: bool,
    probe: Probe<'w>,
    /// What the probe is asked for, of left rows, and the same of right rows.
    keys: Vec<Code>,
    rights: Vec<Code>,
    /// What pairs of rows must meet besides.
    pairs: Option<Code>,
    /// How partners are found, for `explain`.
    way: String,
    /// Partners of a left row, about.
    fan_out: usize,
    pub(super) expected: usize,
    /// How many rows of the right side were looked at.
    pub(super) seen: usize,
    /// Left rows of one table that wait, and how many leaves of them do no longer: what a probe is asked for is computed
    /// for some thousand rows at once.
    waiting: Vec<Block<'w>>,
    taken: usize,
    input: Vec<Part<'w>>,
    /// The input as it came, where that was the rows of one table: columns are read faster from whole leaves.
    dense: Option<Vec<Block<'w>>>,
    len: usize,
    /// The next lane of the input, how many of its candidates were tried, and whether one was a partner.
    lane: usize,
    tried: usize,
    has_partner: bool,
    /// An error that comes after the rows before it.
    failed: Option<Error>,
}

/// Left lanes with right rows that may be their partners.
#[derive(Default)]
struct Candidates<'w> {
    lanes: Vec<u32>,
    rows: Part<'w>,
    /// Lanes without further candidates, and how many candidates there are up to their end.
    ends: Vec<(u32, usize)>,
}

impl<'w> JoinStep<'w> {
    /// Tells how many left rows there are; returns how many joined rows the counts promise.
    pub(super) fn expect(&mut self, lanes: usize) -> usize {
        self.expected = lanes.saturating_mul(self.fan_out);
        self.expected
    }

    /// The right rows by key, and what is equal on both sides; `None` for left joins, whose left rows need no partner.
    pub(super) fn groups(&self) -> Option<(&Groups<'w>, impl Iterator<Item = (&Code, &Code)>)> {
        match &self.probe {
            Probe::Groups(groups) if !self.is_left && !self.rights.is_empty() => {
                Some((groups, self.keys.iter().zip(&self.rights)))
            }
            _ => None,
        }
    }

    /// The join in words.
    pub(super) fn describe(&self) -> String {
        let join = if self.is_left { "left join" } else { "join" };
        format!("{join} {} by {}", self.table.name, self.way)
    }

    /// Whether there is something to do before more left rows are fed.
    pub(super) fn is_busy(&self) -> bool {
        self.lane < self.len || self.taken < self.waiting.len() || self.failed.is_some()
    }

    /// Takes left rows.
    pub(super) fn feed(&mut self, frame: Frame<'w>) {
        (self.waiting, self.taken) = (Vec::new(), 0);
        match frame.rows {
            Rows::Joined(parts) => self.begin(parts, None),
            Rows::Dense(blocks) => {
                self.waiting = blocks;
                self.take();
            }
        }
    }

    /// Begins with the next of the rows that wait.
    fn take(&mut self) {
        let waiting = &self.waiting[self.taken..];
        let mut rows = 0;
        let is_last = |block: &Block<'_>| {
            rows += block.mask.count_ones() as usize;
            rows >= LANES
        };
        let some = &waiting[..waiting.iter().position(is_last).map_or(waiting.len(), |last| last + 1)];
        self.taken += some.len();
        let part = Part { rows: single_rows(some), absent: Vec::new() };
        self.begin(vec![part], Some(some.to_vec()));
    }

    fn begin(&mut self, input: Vec<Part<'w>>, dense: Option<Vec<Block<'w>>>) {
        self.len = input.first().map_or(0, Part::len);
        (self.lane, self.tried, self.has_partner) = (0, 0, false);
        (self.input, self.dense) = (input, dense);
    }

    /// Joined rows: about a thousand at the most, perhaps none.
    ///
    /// # Errors
    /// `Arithmetic` of the first pair of rows whose condition has no value, after all rows before it.
    pub(super) fn next(&mut self) -> Result<Frame<'w>> {
        if let Some(error) = self.failed.take() {
            (self.lane, self.taken) = (self.len, self.waiting.len());
            return Err(error);
        }
        if self.lane == self.len && self.taken < self.waiting.len() {
            self.take();
        }
        let found = self.candidates();
        if matches!(self.probe, Probe::Lookup(_) | Probe::Links(_)) {
            self.seen += found.lanes.len();
        }
        let Some(pairs) = &self.pairs else { return Ok(self.joined(&found.lanes, found.rows)) };
        let mut frame = self.joined(&found.lanes, found.rows.clone());
        let batch = FrameBatch::new(&frame);
        let truth = truth(pairs, &batch);
        let fault = truth.faults.first();
        let failed = fault.map(|(lane, fault)| arithmetic_error(self.table, pairs, &batch, *lane, *fault));
        let yes = &truth.yes[..fault.map_or(truth.yes.len(), |(lane, _)| *lane as usize)];
        self.failed = failed;
        if self.is_left {
            let (lanes, rows) = self.partners(&found, yes);
            return Ok(self.joined(&lanes, rows));
        }
        frame.retain_true(yes);
        Ok(frame)
    }

    /// The next left lanes with what the probe finds.
    fn candidates(&mut self) -> Candidates<'w> {
        let start = self.lane;
        let batch = match &self.dense {
            Some(blocks) if start == 0 => FrameBatch::of_blocks(blocks),
            _ => FrameBatch::of_parts(&self.input, start, self.len),
        };
        let keys: Vec<Vector<'_>> = self.keys.iter().map(|code| evaluate(code, &batch)).collect();
        let stays_alone = self.is_left && self.pairs.is_none();
        let mut candidates = Candidates::default();
        let mut buffer: Vec<Block<'w>> = Vec::new();
        while self.lane < self.len && candidates.lanes.len() < LANES {
            let found = self.probe.find(&keys, self.lane - start, &mut buffer);
            let rest = &found[self.tried..];
            let taken = rest.len().min(LANES - candidates.lanes.len());
            candidates.lanes.extend(std::iter::repeat_n(self.lane as u32, taken));
            candidates.rows.extend(&rest[..taken]);
            if taken < rest.len() {
                self.tried += taken;
                break;
            }
            if stays_alone && found.is_empty() {
                candidates.lanes.push(self.lane as u32);
                candidates.rows.push(None);
            }
            candidates.ends.push((self.lane as u32, candidates.lanes.len()));
            self.lane += 1;
            self.tried = 0;
        }
        candidates
    }

    /// The candidates that are partners, and the lanes that have none, each in its place. Where `yes` is shorter than the
    /// candidates, nothing comes after it.
    fn partners(&mut self, found: &Candidates<'w>, yes: &[bool]) -> (Vec<u32>, Part<'w>) {
        let (mut lanes, mut rows) = (Vec::new(), Part::default());
        let mut at = 0;
        let unfinished = (u32::MAX, found.lanes.len());
        for (lane, end) in found.ends.iter().copied().chain([unfinished]) {
            while at < end.min(yes.len()) {
                if yes[at] {
                    lanes.push(found.lanes[at]);
                    rows.push(found.rows.row(at).copied());
                    self.has_partner = true;
                }
                at += 1;
            }
            if at < end || lane == u32::MAX {
                break;
            }
            if !std::mem::take(&mut self.has_partner) {
                lanes.push(lane);
                rows.push(None);
            }
        }
        (lanes, rows)
    }

    /// The left rows at these lanes, with `right` beside them.
    fn joined(&self, lanes: &[u32], right: Part<'w>) -> Frame<'w> {
        let is_each_once = lanes.len() == self.len && lanes.iter().zip(0..).all(|(lane, at)| *lane == at);
        let left = |part: &Part<'w>| if is_each_once { part.clone() } else { part.take(lanes) };
        let mut parts: Vec<Part<'w>> = self.input.iter().map(left).collect();
        parts.push(right);
        parts.into()
    }
}
