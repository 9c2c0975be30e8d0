//! The row tree: row id → row, as a persistent radix tree.
//!
//! ```text
//!                 Inner                 64 children a node, by six bits of the row id
//!               ┌───┴───┐
//!            Bottom    Bottom           16 leaves
//!           ┌──┴──┐      │
//!         leaf   leaf   leaf            16 rows of one model, behind a `dyn Leaf`
//! ```
//!
//! Copying the tree copies one pointer. A write clones the nodes on its path that another version shares and changes
//! the others in place. Nodes that become empty are freed.
//!
//! Cost: `get` and a write O(log64 n); a scan visits each leaf once. Depth is at most 12, so recursion is bounded.
//!
//! | file | idea |
//! |---|---|
//! | `leaf` | sixteen rows, without their model |
//! | `typed_leaf` | the same with it: all that is compiled for each model |
//! | `write` | putting rows in and taking them out |
//! | `blocks` | the leaves in row order: what scans read |
//! | `unlike` | the leaves that two trees do not share: what a diff reads |
//! | `remains` | trees that nobody reads any more, freed piece by piece |
//! | `hash` | a hash of all rows, kept for each subtree |
//! | `gather` | one column of many rows |
//! | `kept` | columns of numbers, kept beside the rows that scans have read twice |
//! | `lanes` | how such a column is laid out |

mod blocks;
mod gather;
mod hash;
mod kept;
mod lanes;
mod leaf;
mod remains;
#[cfg(test)]
mod tests;
mod typed_leaf;
mod unlike;
mod write;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use gather::{count, gather};
pub(crate) use kept::Home;
pub(crate) use leaf::{Leaf, Mask, Refused};
pub(crate) use remains::Remains;
pub(crate) use typed_leaf::TypedLeaf;
pub(crate) use unlike::LeafPair;

use super::RowId;
use crate::link::Link;
use crate::model::{AnyRow, Model};
use hash::Memo;
use kept::Kept;
use std::hint::black_box;
use std::sync::Arc;

const BITS: u32 = 4;
/// Rows in a leaf.
pub(crate) const LEAF_ROWS: usize = 1 << BITS;
/// Leaves in a bottom.
const LEAVES: usize = 1 << BITS;
const INNER_BITS: u32 = 6;
/// Children of an inner node.
const CHILDREN: usize = 1 << INNER_BITS;
/// The shift of a bottom, as far as those above it count; it takes its own bits by [`leaf_index`].
const BOTTOM: u32 = 2 * BITS - INNER_BITS;

#[derive(Clone)]
enum Node {
    Inner([Option<Link<Node>>; CHILDREN], Memo),
    Bottom(Bottom),
}

/// The leaves of 256 rows, and which of their slots hold a row: a scan knows its rows before it touches a leaf.
///
/// Laid out as it stands here: what each write looks at lies beside the count of owners.
#[derive(Clone)]
#[repr(C)]
struct Bottom {
    /// What [`RowTree::hash`] has found out about these rows.
    memo: Memo,
    kept: Kept,
    masks: [Mask; LEAVES],
    leaves: [Option<Link<dyn Leaf>>; LEAVES],
}

impl Bottom {
    /// Before the rows below are changed.
    #[inline]
    fn forget(&mut self) {
        self.memo.clear();
        self.kept.clear();
    }
}

impl Node {
    fn is_empty(&self) -> bool {
        match self {
            Self::Inner(children, _) => children.iter().all(Option::is_none),
            Self::Bottom(bottom) => bottom.leaves.iter().all(Option::is_none),
        }
    }
}

/// Rows by row id.
#[derive(Clone, Default)]
pub(crate) struct RowTree {
    root: Option<Link<Node>>,
    /// By how many bits the root shifts a row id; `BOTTOM` when the root is a bottom.
    shift: u32,
    /// The last row id that the tree is high enough for.
    last: RowId,
    len: usize,
}

/// The place of a row id: its leaf's first row id, and the slot.
#[inline]
pub(crate) fn split(id: RowId) -> (RowId, usize) {
    (id & !(LEAF_ROWS as u64 - 1), (id & (LEAF_ROWS as u64 - 1)) as usize)
}

/// Which child of an inner node leads to a row id.
#[inline]
fn child_index(id: RowId, shift: u32) -> usize {
    (id >> shift) as usize & (CHILDREN - 1)
}

/// Which leaf of a bottom holds a row id.
#[inline]
fn leaf_index(id: RowId) -> usize {
    (id >> BITS) as usize & (LEAVES - 1)
}

impl RowTree {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether the tree is high enough for `id`.
    #[inline]
    fn reaches(&self, id: RowId) -> bool {
        id <= self.last
    }

    #[inline]
    pub(crate) fn leaf(&self, id: RowId) -> Option<&Link<dyn Leaf>> {
        let mut node = &**self.root.as_ref()?;
        if !self.reaches(id) {
            return None;
        }
        let mut shift = self.shift;
        loop {
            match node {
                Node::Inner(children, _) => {
                    node = children[child_index(id, shift)].as_deref()?;
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => return bottom.leaves[leaf_index(id)].as_ref(),
            }
        }
    }

    /// Reads what a write of the row will look at besides: the counts of its leaf and of the nodes that lead there, and
    /// those of the rows beside it where another tree shares the leaf, so that it will be copied. So they are waited for
    /// together with the row.
    #[inline]
    pub(crate) fn fetch_path(&self, id: RowId) {
        let mut sum = 0;
        let mut next = self.root.as_ref().filter(|_| self.reaches(id));
        let mut shift = self.shift;
        let mut is_shared = false;
        while let Some(node) = next {
            let owners = Link::strong_count(node);
            sum ^= owners;
            // whoever writes holds the root a second time
            is_shared |= owners > 1 && shift != self.shift;
            next = None;
            match &**node {
                Node::Inner(children, _) => {
                    next = children[child_index(id, shift)].as_ref();
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => {
                    if let Some(leaf) = &bottom.leaves[leaf_index(id)] {
                        let owners = Link::strong_count(leaf);
                        if is_shared || owners > 1 {
                            leaf.fetch_all();
                        }
                        sum ^= owners ^ usize::from(bottom.masks[0]);
                    }
                }
            }
        }
        black_box(sum);
    }

    /// Whether no other tree shares the leaf of `first` or what leads to it, and nobody holds one of its rows in `mask`.
    pub(crate) fn is_alone(&self, first: RowId, mask: Mask) -> bool {
        let Some(mut node) = self.root.as_ref().filter(|_| self.reaches(first)) else { return false };
        let mut shift = self.shift;
        while Link::strong_count(node) == 1 {
            match &**node {
                Node::Inner(children, _) => {
                    let Some(child) = &children[child_index(first, shift)] else { return false };
                    node = child;
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => {
                    let leaf = bottom.leaves[leaf_index(first)].as_ref();
                    return leaf.is_some_and(|leaf| Link::strong_count(leaf) == 1 && leaf.is_alone(mask));
                }
            }
        }
        false
    }

    /// The row, typed. A walk of the tree and one check of the leaf's type.
    #[inline]
    pub(crate) fn get<M: Model>(&self, id: RowId) -> Option<&Arc<M>> {
        TypedLeaf::<M>::of(&**self.leaf(id)?)?.get(split(id).1)
    }

    pub(crate) fn row(&self, id: RowId) -> Option<&dyn AnyRow> {
        self.leaf(id)?.row(split(id).1)
    }

    pub(crate) fn share(&self, id: RowId) -> Option<Arc<dyn AnyRow>> {
        self.leaf(id)?.share(split(id).1)
    }

    /// Whether the row is this very object.
    pub(crate) fn holds(&self, id: RowId, row: &Arc<dyn AnyRow>) -> bool {
        self.leaf(id).is_some_and(|leaf| leaf.holds(split(id).1, row))
    }

    /// Bytes of the nodes, the leaves and the columns kept for scans, without the rows. A node is counted in each version that shares it. O(leaves).
    pub(crate) fn bytes(&self) -> usize {
        let count = size_of::<usize>();
        let leaf = LEAF_ROWS * size_of::<usize>() + count;
        let leaves = self.blocks().count();
        // sparse nodes are rare
        let bottoms = leaves.div_ceil(LEAVES);
        let inner = bottoms.div_ceil(CHILDREN - 1);
        leaves * leaf + (bottoms + inner) * (size_of::<Node>() + count) + self.kept_bytes()
    }
}
