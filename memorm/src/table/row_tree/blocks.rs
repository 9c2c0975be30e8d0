//! The leaves of a tree in row order: what scans read.
use super::{
    BITS, BOTTOM, Bottom, CHILDREN, Home, INNER_BITS, LEAVES, Node, RowTree, child_index, leaf_index, split,
};
use crate::link::Link;
use crate::model::AnyRow;
use crate::table::{Leaf, Mask, RowId};
use std::hint::black_box;

/// Some rows of one leaf.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// The row id of slot 0.
    pub(crate) first: RowId,
    pub(crate) leaf: &'a dyn Leaf,
    /// Which rows. Never empty.
    pub(crate) mask: Mask,
    /// Where columns of these rows may be kept; `None` for rows that are looked up one by one.
    pub(crate) home: Option<Home<'a>>,
}

/// The leaves of a tree in row order, each with all its rows.
pub(crate) struct Blocks<'a> {
    /// The path to the next leaf: node, its next child, the first row id below it.
    open: Vec<(&'a Node, usize, RowId)>,
    shift: u32,
}

impl<'a> Blocks<'a> {
    /// Appends the next leaves until there are `wanted` of them or none is left. Who wants many gets the last 256 rows whole.
    pub(crate) fn append_to(&mut self, out: &mut Vec<Block<'a>>, wanted: usize) {
        self.fetch(wanted / LEAVES);
        while out.len() < wanted {
            let Some(block) = self.next() else { return };
            out.push(block);
            // the rest of the same 256 rows, without coming back here for each leaf
            let Some((Node::Bottom(bottom), next, first)) = self.open.last_mut() else { continue };
            while *next < LEAVES && (out.len() < wanted || wanted >= LEAVES) {
                let at = *next;
                *next += 1;
                if let Some(block) = bottom.block(at, *first) {
                    out.push(block);
                }
            }
        }
    }
}

impl Blocks<'_> {
    /// Reads something of each of the next bottoms, so that all of them are waited for at the same time.
    fn fetch(&self, bottoms: usize) {
        let below = self.open.iter().rev().find_map(|(node, next, _)| match node {
            Node::Inner(children, _) => children.get(*next..),
            Node::Bottom(_) => None,
        });
        let nodes = below.unwrap_or_default().iter().take(bottoms).flatten();
        black_box(nodes.fold(0, |sum, node| match &**node {
            Node::Inner(..) => sum,
            Node::Bottom(bottom) => {
                sum ^ bottom.masks[0]
                    ^ u16::from(bottom.leaves[0].is_some())
                    ^ u16::from(bottom.leaves[8].is_some())
            }
        }));
    }
}

/// How an inner node above bottoms shifts a row id.
const ABOVE: u32 = BOTTOM + INNER_BITS;

impl RowTree {
    /// The rows with these ids, in this order. Rows of one leaf that follow one another and ascend are one block.
    ///
    /// One walk of the tree for rows of the same 16,384 that follow one another.
    pub(crate) fn blocks_of(&self, ids: &[RowId]) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block<'_>> = Vec::with_capacity(ids.len());
        // both of no row in the beginning
        let (mut prefix, mut open) = (RowId::MAX, RowId::MAX);
        let mut near = None;
        for id in ids {
            if id >> (ABOVE + INNER_BITS) != prefix {
                prefix = id >> (ABOVE + INNER_BITS);
                near = self.bottoms_of(*id);
            }
            let Some(bottoms) = near else {
                blocks.extend(self.single(*id));
                continue;
            };
            let (first, slot) = split(*id);
            if first == open
                && let Some(last) = blocks.last_mut()
                && last.mask >> slot == 0
            {
                last.mask |= 1 << slot;
            } else if let Some(Node::Bottom(bottom)) = bottoms[child_index(*id, ABOVE)].as_deref()
                && let Some(leaf) = &bottom.leaves[leaf_index(*id)]
            {
                open = first;
                blocks.push(Block { first, leaf: &**leaf, mask: 1 << slot, home: None });
            }
        }
        blocks
    }

    /// The bottoms beside that of a row; `None` where the tree is a single bottom, or ends before.
    #[inline(never)]
    fn bottoms_of(&self, id: RowId) -> Option<&[Option<Link<Node>>; CHILDREN]> {
        let mut node = &**self.root.as_ref().filter(|_| self.reaches(id))?;
        let mut shift = self.shift;
        loop {
            match node {
                Node::Inner(children, _) if shift == ABOVE => return Some(children),
                Node::Inner(children, _) => {
                    node = children[child_index(id, shift)].as_deref()?;
                    shift -= INNER_BITS;
                }
                Node::Bottom(_) => return None,
            }
        }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        loop {
            let depth = self.open.len() as u32;
            let (node, next, first) = self.open.last_mut()?;
            let at = *next;
            *next += 1;
            match node {
                Node::Inner(children, _) if at < CHILDREN => {
                    if let Some(child) = &children[at] {
                        let below = *first | (at as u64) << (self.shift - (depth - 1) * INNER_BITS);
                        self.open.push((child, 0, below));
                    }
                }
                Node::Bottom(bottom) if at < LEAVES => {
                    if let Some(block) = bottom.block(at, *first) {
                        return Some(block);
                    }
                }
                _ => {
                    self.open.pop();
                }
            }
        }
    }
}

impl Bottom {
    /// The `at`th leaf, with all its rows; `first` is the row id of slot 0 of the first leaf.
    #[inline]
    pub(super) fn block(&self, at: usize, first: RowId) -> Option<Block<'_>> {
        let leaf = &**self.leaves[at].as_ref()?;
        Some(Block { first: first | (at as u64) << BITS, leaf, mask: self.masks[at], home: Some(Home(self)) })
    }
}

impl RowTree {
    /// The leaves from that of `id` on, in row order.
    pub(crate) fn blocks_from(&self, id: RowId) -> Blocks<'_> {
        let mut blocks = self.blocks();
        if !self.reaches(id) {
            blocks.open.clear();
        }
        let mut shift = self.shift;
        while let Some((node, next, first)) = blocks.open.last_mut() {
            match node {
                Node::Bottom(_) => {
                    *next = leaf_index(id);
                    break;
                }
                Node::Inner(children, _) => {
                    let at = child_index(id, shift);
                    let below = *first | (at as u64) << shift;
                    *next = at + 1;
                    match &children[at] {
                        Some(child) => blocks.open.push((child, 0, below)),
                        None => break,
                    }
                    shift -= INNER_BITS;
                }
            }
        }
        blocks
    }

    /// A row as a block of its own. It is looked up alone, so nothing is kept of it.
    pub(crate) fn single(&self, id: RowId) -> Option<Block<'_>> {
        let (first, slot) = split(id);
        Some(Block { first, leaf: &**self.leaf(id)?, mask: 1 << slot, home: None })
    }

    /// All leaves, in row order.
    pub(crate) fn blocks(&self) -> Blocks<'_> {
        let mut open = Vec::new();
        if let Some(root) = &self.root {
            open.push((&**root, 0, 0));
        }
        Blocks { open, shift: self.shift }
    }

    /// All rows, in row order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RowId, &dyn AnyRow)> {
        self.blocks().flat_map(Block::rows)
    }
}

impl<'a> Block<'a> {
    /// The rows of this block.
    pub(crate) fn rows(self) -> impl Iterator<Item = (RowId, &'a dyn AnyRow)> {
        self.slots().filter_map(move |slot| Some((self.first + slot as u64, self.leaf.row(slot)?)))
    }

    /// The slots of this block.
    pub(crate) fn slots(self) -> impl Iterator<Item = usize> {
        let mut rest = self.mask;
        std::iter::from_fn(move || {
            let slot = rest.trailing_zeros() as usize;
            (rest != 0).then(|| {
                rest &= rest - 1;
                slot
            })
        })
    }
}
