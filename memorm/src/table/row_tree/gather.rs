//! Reading a column of many rows: from what their bottoms keep, and from the rows where nothing is kept.
use super::{Block, Bottom, Home, LEAF_ROWS, LEAVES, leaf_index};
use crate::value::{Cells, Lane, Vector};
use std::slice::IterMut;

/// Rows of a bottom.
const ROWS: usize = LEAVES * LEAF_ROWS;

/// Appends a column of rows of one table: from what is kept, and from the rows where nothing is.
pub(crate) fn gather<'a>(blocks: &[Block<'a>], column: u16, out: &mut Vector<'a>) {
    // all are looked up before the first is read: so their trips to memory overlap
    let found = found(blocks, column);
    if let Some(first) = found.first() {
        out.make_room(first.lanes, count(blocks));
    }
    let mut unread = 0;
    for found in found {
        read(&blocks[unread..found.start], column, out);
        found.append(&blocks[found.start..found.end], out);
        unread = found.end;
    }
    read(&blocks[unread..], column, out);
}

/// Blocks of one bottom that keeps their column.
struct Found<'a> {
    bottom: &'a Bottom,
    lanes: &'a Vector<'static>,
    start: usize,
    end: usize,
}

fn found<'a>(blocks: &[Block<'a>], column: u16) -> Vec<Found<'a>> {
    let (mut found, mut end) = (Vec::new(), 0);
    while end < blocks.len() {
        let start = end;
        let home = blocks[start].home;
        end += blocks[start..].iter().take_while(|block| block.home == home).count();
        if let Some(Home(bottom)) = home
            && let Some(lanes) = bottom.column(column, &blocks[start..end])
        {
            lanes.touch();
            found.push(Found { bottom, lanes, start, end });
        }
    }
    found
}

/// Appends a column, read from the rows.
pub(super) fn read<'a>(blocks: &[Block<'a>], column: u16, out: &mut Vector<'a>) {
    if let Some(first) = blocks.first() {
        first.leaf.gather(blocks, column, out);
    }
}

/// Counts the rows of these blocks.
pub(crate) fn count(blocks: &[Block<'_>]) -> usize {
    blocks.iter().map(|block| block.mask.count_ones() as usize).sum()
}

impl Found<'_> {
    /// Appends the lanes of `blocks`.
    fn append(&self, blocks: &[Block<'_>], out: &mut Vector<'_>) {
        let (lanes, rows) = (self.lanes, count(blocks));
        match &lanes.cells {
            Cells::Bools(from) => self.copy(from, blocks, bool::extend(out, rows)),
            Cells::Ints(from) => self.copy(from, blocks, i64::extend(out, rows)),
            Cells::Wides(from) => self.copy(from, blocks, i128::extend(out, rows)),
            Cells::Floats(from) => self.copy(from, blocks, f64::extend(out, rows)),
            _ => {}
        }
        if !lanes.present.is_empty() {
            self.copy(&lanes.present, blocks, out.extend_presence(rows));
        }
    }

    /// Copies the lanes of `blocks`. `from` has a lane for each row of the bottom.
    fn copy<T: Copy>(&self, from: &[T], blocks: &[Block<'_>], to: IterMut<'_, T>) {
        let to = to.into_slice();
        // each leaf once, in row order
        match blocks.is_sorted_by(|a, b| a.first < b.first) {
            true if to.len() == from.len() => to.copy_from_slice(from),
            true if from.len() == ROWS => copy_masked(from, blocks, to),
            _ => self.copy_each(from, blocks, to),
        }
    }

    fn copy_each<T: Copy>(&self, from: &[T], blocks: &[Block<'_>], to: &mut [T]) {
        let masks = &self.bottom.masks;
        let starts: [u32; LEAVES] =
            std::array::from_fn(|at| masks[..at].iter().map(|mask| mask.count_ones()).sum());
        let lane = |block: &Block<'_>, slot: usize| {
            let at = leaf_index(block.first);
            starts[at] + (masks[at] & ((1 << slot) - 1)).count_ones()
        };
        let lanes = blocks.iter().flat_map(|block| block.slots().map(move |slot| lane(block, slot)));
        for (to, lane) in to.iter_mut().zip(lanes) {
            *to = from[lane as usize];
        }
    }
}

/// Copies the lanes of some rows of a full bottom. Four leaves at a time: the processor guesses wrong once for each, not once
/// for each leaf.
fn copy_masked<T: Copy>(from: &[T], blocks: &[Block<'_>], mut to: &mut [T]) {
    let mut words = [0_u64; ROWS / 64];
    for block in blocks {
        let at = leaf_index(block.first);
        words[at / 4] |= u64::from(block.mask) << (at % 4 * LEAF_ROWS);
    }
    for (mut word, from) in words.into_iter().zip(from.as_chunks::<64>().0) {
        let (mine, rest) = to.split_at_mut(word.count_ones() as usize);
        to = rest;
        for to in mine {
            *to = from[word.trailing_zeros() as usize % 64];
            word &= word - 1;
        }
    }
}
