//! Blocks of rows as the batch that expressions are evaluated on.
use crate::eval::Batch;
use crate::model::AnyRow;
use crate::table::{Block, LEAF_ROWS, Mask};
use crate::value::Vector;
use std::cell::OnceCell;

/// Some rows, leaf by leaf. Lane `i` is the `i`th row.
pub(crate) struct BlockBatch<'b, 'w> {
    blocks: &'b [Block<'w>],
    len: usize,
    /// The row of each lane; made when a closure asks for rows.
    rows: OnceCell<Vec<&'w dyn AnyRow>>,
}

impl<'b, 'w> BlockBatch<'b, 'w> {
    pub(crate) fn new(blocks: &'b [Block<'w>]) -> Self {
        let len = blocks.iter().map(|block| block.mask.count_ones() as usize).sum();
        Self { blocks, len, rows: OnceCell::new() }
    }

    /// The row of lane `i`.
    pub(crate) fn row_at(&self, i: usize) -> &'w dyn AnyRow {
        self.rows
            .get_or_init(|| self.blocks.iter().flat_map(|block| block.rows()).map(|(_, row)| row).collect())
            [i]
    }
}

impl Batch for BlockBatch<'_, '_> {
    fn len(&self) -> usize {
        self.len
    }
    fn gather<'a>(&'a self, column: u16, out: &mut Vector<'a>) {
        if let Some(first) = self.blocks.first() {
            first.leaf.gather(self.blocks, column, out);
        }
    }
    fn row(&self, i: usize) -> &dyn AnyRow {
        self.row_at(i)
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

/// Counts the rows of these blocks.
pub(crate) fn count(blocks: &[Block<'_>]) -> usize {
    blocks.iter().map(|block| block.mask.count_ones() as usize).sum()
}

/// Each row as a block of its own.
pub(super) fn single_rows<'w>(blocks: &[Block<'w>]) -> Vec<Block<'w>> {
    let rows = blocks.iter().flat_map(|block| block.slots().map(|slot| Block { mask: 1 << slot, ..*block }));
    rows.collect()
}
