//! `Frame`: some rows of a result.
//!
//! ```text
//!   one table    blocks     [leaf 0: 1101…] [leaf 1: 1111…]            up to sixteen rows an entry
//!   a join       slot 0     [leaf 0: …1…]   [leaf 0: …1…]  [leaf 3: 1…]   one row a lane
//!                slot 1     [leaf 9: 1…]    absent         [leaf 9: 1…]   and an absence mark
//! ```
//!
//! Must stay true: the slots of a join have as many lanes as each other. An absent lane repeats a row of its slot,
//! so that columns are gathered without a branch; nothing is read from it.
use super::batch::{FrameBatch, retain, retain_true, single_rows};
use super::window::Windows;
use crate::expr::ResultRows;
use crate::model::Model;
use crate::table::{Block, RowId, TypedLeaf, count};
use std::sync::Arc;

/// Some rows of a result, in its order.
#[derive(Clone)]
pub(crate) struct Frame<'w> {
    pub(super) rows: Rows<'w>,
    /// What window functions gave for these rows.
    pub(super) windows: Option<Windows>,
}

#[derive(Clone)]
pub(super) enum Rows<'w> {
    /// Of one table, leaf by leaf.
    Dense(Vec<Block<'w>>),
    /// Of a join, by slot.
    Joined(Vec<Part<'w>>),
}

/// One slot of the rows of a join.
#[derive(Clone, Default)]
pub(super) struct Part<'w> {
    /// A row for each lane. Empty where all lanes are absent.
    pub(super) rows: Vec<Block<'w>>,
    /// Which lanes have no row; empty where all have.
    pub(super) absent: Vec<bool>,
}

impl<'w> From<Vec<Block<'w>>> for Frame<'w> {
    fn from(blocks: Vec<Block<'w>>) -> Self {
        Self { rows: Rows::Dense(blocks), windows: None }
    }
}
impl<'w> From<Vec<Part<'w>>> for Frame<'w> {
    fn from(parts: Vec<Part<'w>>) -> Self {
        Self { rows: Rows::Joined(parts), windows: None }
    }
}

impl<'w> Frame<'w> {
    /// No rows.
    pub(crate) fn new() -> Self {
        Self { rows: Rows::Dense(Vec::new()), windows: None }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Dense(blocks) => count(blocks),
            Rows::Joined(parts) => parts.first().map_or(0, Part::len),
        }
    }

    /// The rows as batches of one to four thousand, to be evaluated one after the other.
    pub(super) fn batches(&self) -> Vec<FrameBatch<'_, 'w>> {
        match &self.rows {
            Rows::Dense(blocks) => blocks.chunks(BATCH).map(FrameBatch::of_blocks).collect(),
            Rows::Joined(parts) => {
                let starts = (0..self.len()).step_by(LANES);
                starts
                    .map(|start| FrameBatch::of_parts(parts, start, self.len().min(start + LANES)))
                    .collect()
            }
        }
    }

    /// Adds rows behind these. Rows of a join follow rows of a join; nothing follows rows of which windows were computed.
    pub(super) fn append(&mut self, mut other: Self) {
        match (&mut self.rows, &mut other.rows) {
            (Rows::Dense(mine), Rows::Dense(theirs)) => mine.append(theirs),
            (Rows::Joined(mine), Rows::Joined(theirs)) => {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.append(theirs));
            }
            // a frame without rows has no slots yet
            (Rows::Dense(mine), Rows::Joined(_)) if mine.is_empty() => *self = other,
            _ => {}
        }
    }

    /// Keeps the rows for which `keep` says so.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        match &mut self.rows {
            Rows::Dense(blocks) if self.windows.is_none() => retain(blocks, keep),
            _ => {
                let kept: Vec<bool> = (0..self.len()).map(&mut keep).collect();
                self.retain_true(&kept);
            }
        }
    }

    /// Keeps the rows that are `true`; those past the end go.
    pub(super) fn retain_true(&mut self, yes: &[bool]) {
        self.windows.iter_mut().for_each(|windows| windows.retain_true(yes));
        match &mut self.rows {
            Rows::Dense(blocks) => retain_true(blocks, yes),
            Rows::Joined(parts) => parts.iter_mut().for_each(|part| part.retain_true(yes)),
        }
    }

    /// The rows at these lanes, in this order.
    pub(super) fn take(&self, lanes: &[u32]) -> Self {
        let taken: Self = match &self.rows {
            Rows::Dense(blocks) if lanes.len() < count(blocks) / 8 => some_rows(blocks, lanes).into(),
            Rows::Dense(blocks) => {
                let rows = single_rows(blocks);
                lanes.iter().map(|lane| rows[*lane as usize]).collect::<Vec<_>>().into()
            }
            Rows::Joined(parts) => parts.iter().map(|part| part.take(lanes)).collect::<Vec<_>>().into(),
        };
        Self { windows: self.windows.as_ref().map(|windows| windows.take(lanes)), ..taken }
    }

    /// Each row as a frame of its own.
    pub(super) fn split(&self) -> Vec<Self> {
        match &self.rows {
            Rows::Dense(blocks) if self.windows.is_none() => {
                single_rows(blocks).into_iter().map(|row| vec![row].into()).collect()
            }
            _ => (0..self.len() as u32).map(|lane| self.take(&[lane])).collect(),
        }
    }

    /// Where each row lives: what makes it different from all others. `None` for an absent part.
    pub(super) fn places(&self) -> Vec<Vec<Option<RowId>>> {
        match &self.rows {
            Rows::Dense(blocks) => {
                blocks.iter().flat_map(|block| block.rows()).map(|(id, _)| vec![Some(id)]).collect()
            }
            Rows::Joined(parts) => {
                (0..self.len()).map(|lane| parts.iter().map(|part| part.place(lane)).collect()).collect()
            }
        }
    }
}

impl<'w> Part<'w> {
    pub(super) fn len(&self) -> usize {
        self.rows.len().max(self.absent.len())
    }

    pub(super) fn is_absent(&self, lane: usize) -> bool {
        self.absent.get(lane).copied().unwrap_or(false)
    }

    /// The block of a lane, which has one row.
    pub(super) fn row(&self, lane: usize) -> Option<&Block<'w>> {
        if self.is_absent(lane) { None } else { self.rows.get(lane) }
    }

    pub(super) fn place(&self, lane: usize) -> Option<RowId> {
        self.row(lane).map(|block| block.first + RowId::from(block.mask.trailing_zeros()))
    }

    /// Adds a lane: a row, or none.
    pub(super) fn push(&mut self, row: Option<Block<'w>>) {
        match row {
            Some(row) => {
                // lanes before the first row repeat it
                self.rows.resize(self.len(), row);
                self.rows.push(row);
                if !self.absent.is_empty() {
                    self.absent.push(false);
                }
            }
            None => {
                self.absent.resize(self.rows.len().max(self.absent.len()), false);
                self.absent.push(true);
                self.rows.extend(self.rows.last().copied());
            }
        }
    }

    /// Adds lanes that have rows.
    pub(super) fn extend(&mut self, rows: &[Block<'w>]) {
        if self.absent.is_empty() {
            self.rows.extend_from_slice(rows);
        } else {
            rows.iter().for_each(|row| self.push(Some(*row)));
        }
    }

    fn append(&mut self, other: &mut Self) {
        if self.absent.is_empty() && other.absent.is_empty() {
            self.rows.append(&mut other.rows);
        } else {
            (0..other.len()).for_each(|lane| self.push(other.row(lane).copied()));
        }
    }

    pub(super) fn retain_true(&mut self, yes: &[bool]) {
        for_each_kept(&mut self.rows, yes);
        for_each_kept(&mut self.absent, yes);
    }

    pub(super) fn take(&self, lanes: &[u32]) -> Self {
        let of = |lane: &u32| *lane as usize;
        Self {
            rows: lanes.iter().filter_map(|lane| self.rows.get(of(lane)).copied()).collect(),
            absent: lanes.iter().filter_map(|lane| self.absent.get(of(lane)).copied()).collect(),
        }
    }
}

fn for_each_kept<T>(lanes: &mut Vec<T>, yes: &[bool]) {
    let mut yes = yes.iter();
    lanes.retain(|_| yes.next() == Some(&true));
}

impl<'w> ResultRows<'w> for Frame<'w> {
    fn len(&self) -> usize {
        Frame::len(self)
    }
    fn borrow<M: Model>(&self, slot: u8, out: &mut Vec<&'w Arc<M>>) {
        match &self.rows {
            Rows::Dense(blocks) => TypedLeaf::borrow(blocks, out),
            Rows::Joined(parts) => {
                let Some(part) = parts.get(usize::from(slot)) else { return };
                for lane in 0..part.len() {
                    if let Some(row) = part.row(lane).and_then(only_row) {
                        out.push(row);
                    }
                }
            }
        }
    }
    fn borrow_optional<M: Model>(&self, slot: u8, out: &mut Vec<Option<&'w Arc<M>>>) {
        // rows of one table are all there
        let Rows::Joined(parts) = &self.rows else { return };
        let Some(part) = parts.get(usize::from(slot)) else { return };
        for lane in 0..part.len() {
            out.push(part.row(lane).and_then(only_row));
        }
    }
    fn share<M: Model>(&self, out: &mut Vec<Arc<M>>) {
        match &self.rows {
            Rows::Dense(blocks) => TypedLeaf::share_rows(blocks, out),
            Rows::Joined(_) => {
                let mut rows: Vec<&'w Arc<M>> = Vec::new();
                self.borrow(0, &mut rows);
                for row in rows {
                    out.push(row.clone());
                }
            }
        }
    }
}

/// The row of a block that has one.
#[inline]
fn only_row<'w, M: Model>(block: &Block<'w>) -> Option<&'w Arc<M>> {
    TypedLeaf::<M>::of(block.leaf)?.get(block.mask.trailing_zeros() as usize)
}

/// Leaves in a batch, and lanes in one of a join.
const BATCH: usize = 256;
pub(super) const LANES: usize = 1_024;

/// The rows at a few lanes, each as a block of its own.
fn some_rows<'w>(blocks: &[Block<'w>], lanes: &[u32]) -> Vec<Block<'w>> {
    let mut end = 0;
    let ends: Vec<u32> = blocks
        .iter()
        .map(|block| {
            end += block.mask.count_ones();
            end
        })
        .collect();
    let row = |lane: &u32| {
        let at = ends.partition_point(|end| end <= lane);
        let block = blocks[at];
        let before = ends[at] - block.mask.count_ones();
        let slot = block.slots().nth((lane - before) as usize)?;
        Some(Block { mask: 1 << slot, ..block })
    };
    lanes.iter().filter_map(row).collect()
}
