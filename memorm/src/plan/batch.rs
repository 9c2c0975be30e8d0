//! Rows of a frame as the batch that expressions are evaluated on.
use super::frame::{Frame, Part, Rows};
use super::window::Windows;
use crate::eval::Batch;
use crate::model::AnyRow;
use crate::table::{Block, LEAF_ROWS, Mask, RowId, count, gather};
use crate::value::{Cells, Value, Vector};
use std::sync::OnceLock;

/// Some rows. Lane `i` is the `i`th row.
pub(crate) struct FrameBatch<'b, 'w> {
    view: View<'b, 'w>,
    len: usize,
    windows: Option<&'b Windows>,
    /// The row of each lane of one table; made when a closure asks for rows.
    rows: OnceLock<Vec<&'w dyn AnyRow>>,
}

enum View<'b, 'w> {
    Dense(&'b [Block<'w>]),
    /// The slots of a join, from this lane on.
    Joined(&'b [Part<'w>], usize),
}

impl<'b, 'w> FrameBatch<'b, 'w> {
    pub(crate) fn new(frame: &'b Frame<'w>) -> Self {
        let batch = match &frame.rows {
            Rows::Dense(blocks) => Self::of_blocks(blocks),
            Rows::Joined(parts) => Self::of_parts(parts, 0, frame.len()),
        };
        Self { windows: frame.windows.as_ref(), ..batch }
    }

    /// What the window function gave that is the `at`th of the query.
    pub(super) fn window(&self, at: usize) -> Vector<'static> {
        self.windows.map_or_else(Vector::default, |windows| windows.vector(at))
    }

    /// Rows of one table.
    pub(crate) fn of_blocks(blocks: &'b [Block<'w>]) -> Self {
        Self { view: View::Dense(blocks), len: count(blocks), windows: None, rows: OnceLock::new() }
    }

    /// The lanes `start..end` of a join.
    pub(super) fn of_parts(parts: &'b [Part<'w>], start: usize, end: usize) -> Self {
        Self { view: View::Joined(parts, start), len: end - start, windows: None, rows: OnceLock::new() }
    }

    /// The part in `slot` of row `lane`.
    pub(crate) fn row_at(&self, slot: u8, lane: usize) -> Option<&'w dyn AnyRow> {
        match &self.view {
            View::Dense(blocks) => {
                let make = || blocks.iter().flat_map(|block| block.rows()).map(|(_, row)| row).collect();
                self.rows.get_or_init(make).get(lane).copied()
            }
            View::Joined(parts, start) => {
                let block = parts.get(usize::from(slot))?.row(start + lane)?;
                block.leaf.row(block.mask.trailing_zeros() as usize)
            }
        }
    }
}

impl Batch for FrameBatch<'_, '_> {
    fn len(&self) -> usize {
        self.len
    }
    fn gather<'a>(&'a self, slot: u8, column: u16, out: &mut Vector<'a>) {
        match &self.view {
            View::Dense(blocks) => gather(blocks, column, out),
            View::Joined(parts, start) => {
                if let Some(part) = parts.get(usize::from(slot)) {
                    gather_part(part, *start, *start + self.len, column, out);
                }
            }
        }
    }
    fn is_after(&self, id: RowId) -> Vec<bool> {
        match &self.view {
            View::Dense(blocks) => blocks
                .iter()
                .flat_map(|block| block.slots().map(|slot| block.first + slot as u64 > id))
                .collect(),
            View::Joined(parts, start) => {
                let place = |lane| parts.first().and_then(|part| part.place(start + lane));
                (0..self.len).map(|lane| place(lane).is_some_and(|place| place > id)).collect()
            }
        }
    }
    fn row(&self, slot: u8, lane: usize) -> Option<&dyn AnyRow> {
        self.row_at(slot, lane)
    }
}

fn gather_part<'a>(part: &Part<'a>, start: usize, end: usize, column: u16, out: &mut Vector<'a>) {
    if let Some(first) = part.rows.first() {
        first.leaf.gather(&part.rows[start..end], column, out);
    } else {
        out.cells = Cells::Values(vec![Value::Null; end - start]);
    }
    if !part.absent.is_empty() {
        out.present.resize(end - start, true);
        out.present
            .iter_mut()
            .zip(&part.absent[start..end])
            .for_each(|(present, absent)| *present &= !absent);
    }
}

/// Keeps the lanes for which `keep` says so; a block that keeps none goes.
pub(super) fn retain<'w>(blocks: &mut Vec<Block<'w>>, mut keep: impl FnMut(usize) -> bool) {
    let mut lane = 0;
    blocks.retain_mut(|block| {
        let mut rest = block.mask;
        let mut kept: Mask = 0;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            if keep(lane) {
                kept |= bit;
            }
            lane += 1;
            rest ^= bit;
        }
        block.mask = kept;
        kept != 0
    });
}

/// Keeps the lanes that are `true`.
pub(super) fn retain_true(blocks: &mut Vec<Block<'_>>, mut yes: &[bool]) {
    blocks.retain_mut(|block| {
        if block.mask == Mask::MAX && yes.len() >= LEAF_ROWS {
            let (mine, rest) = yes.split_at(LEAF_ROWS);
            yes = rest;
            block.mask = pack(mine);
            return block.mask != 0;
        }
        let (mine, rest) = yes.split_at(yes.len().min(block.mask.count_ones() as usize));
        yes = rest;
        let mut mine = mine.iter();
        block.mask =
            block.slots().filter(|_| mine.next() == Some(&true)).fold(0, |mask, slot| mask | 1 << slot);
        block.mask != 0
    });
}

/// The bits of sixteen answers. The product moves the lowest bit of each of eight bytes into the highest byte.
fn pack(answers: &[bool]) -> Mask {
    let (halves, _) = answers.as_chunks::<8>();
    let bits = |half: &[bool; 8]| {
        (u64::from_le_bytes(half.map(u8::from)).wrapping_mul(0x0102_0408_1020_4080) >> 56) as Mask
    };
    match halves {
        [low, high] => bits(low) | bits(high) << 8,
        _ => 0,
    }
}

/// Each row as a block of its own.
pub(super) fn single_rows<'w>(blocks: &[Block<'w>]) -> Vec<Block<'w>> {
    let rows = blocks.iter().flat_map(|block| block.slots().map(|slot| Block { mask: 1 << slot, ..*block }));
    rows.collect()
}
