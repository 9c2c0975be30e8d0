//! Reading a column of many rows: from what their bottoms keep, and from the rows where nothing is kept.
use super::lanes::Lanes;
use super::{Block, Bottom, Home, LEAF_ROWS, LEAVES, leaf_index};
use crate::value::Vector;

/// Rows of a bottom.
const ROWS: usize = LEAVES * LEAF_ROWS;

/// Appends a column of rows of one table: from what is kept, and from the rows where nothing is.
pub(crate) fn gather<'a>(blocks: &[Block<'a>], column: u16, out: &mut Vector<'a>) {
    // all are looked up before the first is read: so their trips to memory overlap
    let found = found(blocks, column);
    if let Some(first) = found.first() {
        first.lanes.make_room(count(blocks), out);
    }
    let mut unread = 0;
    for found in found {
        read(&blocks[unread..found.start], column, out);
        found.lanes.append(&Chosen::new(found.bottom, &blocks[found.start..found.end]), out);
        unread = found.end;
    }
    read(&blocks[unread..], column, out);
}

/// Blocks of one bottom that keeps their column.
struct Found<'a> {
    bottom: &'a Bottom,
    lanes: &'a Lanes,
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
            lanes.fetch();
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

/// Which of the lanes of a bottom are read, and in which order: those of some blocks.
pub(super) struct Chosen<'b, 'w> {
    bottom: &'b Bottom,
    blocks: &'b [Block<'w>],
    /// How many.
    pub(super) rows: usize,
    /// Each leaf once, in row order.
    is_ascending: bool,
}

impl<'b, 'w> Chosen<'b, 'w> {
    pub(super) fn new(bottom: &'b Bottom, blocks: &'b [Block<'w>]) -> Self {
        let is_ascending = blocks.is_sorted_by(|a, b| a.first < b.first);
        Self { bottom, blocks, rows: count(blocks), is_ascending }
    }

    /// Reads them into `to`. `from` has a lane for each row of the bottom.
    pub(super) fn read<S: Copy, T>(&self, from: &[S], to: &mut [T], widen: impl Fn(S) -> T) {
        if self.is_ascending && to.len() == from.len() {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = widen(*from));
        } else if self.is_ascending && from.len() == ROWS {
            self.read_masked(from, to, widen);
        } else {
            to.iter_mut().zip(self.lanes()).for_each(|(to, lane)| *to = widen(from[lane]));
        }
    }

    /// Of a full bottom. Four leaves at a time: the processor guesses wrong once for each, not once for each leaf.
    fn read_masked<S: Copy, T>(&self, from: &[S], mut to: &mut [T], widen: impl Fn(S) -> T) {
        let mut words = [0_u64; ROWS / 64];
        for block in self.blocks {
            let at = leaf_index(block.first);
            words[at / 4] |= u64::from(block.mask) << (at % 4 * LEAF_ROWS);
        }
        for (mut word, from) in words.into_iter().zip(from.as_chunks::<64>().0) {
            let (mine, rest) = to.split_at_mut(word.count_ones() as usize);
            to = rest;
            for to in mine {
                *to = widen(from[word.trailing_zeros() as usize % 64]);
                word &= word - 1;
            }
        }
    }

    /// Where the lanes lie.
    fn lanes(&self) -> impl Iterator<Item = usize> {
        let masks = &self.bottom.masks;
        let starts: [u32; LEAVES] =
            std::array::from_fn(|at| masks[..at].iter().map(|mask| mask.count_ones()).sum());
        let lane = move |at: usize, slot: usize| {
            (starts[at] + (masks[at] & ((1 << slot) - 1)).count_ones()) as usize
        };
        self.blocks
            .iter()
            .flat_map(move |block| block.slots().map(move |slot| lane(leaf_index(block.first), slot)))
    }
}
