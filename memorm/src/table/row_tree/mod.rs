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
//! | `leaf` | sixteen rows that know their model |
//! | `blocks` | the leaves in row order: what scans read |
//! | `unlike` | the leaves that two trees do not share: what a diff reads |
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
#[cfg(test)]
mod tests;
mod unlike;

pub(crate) use blocks::{Block, Blocks};
pub(crate) use gather::{count, gather};
pub(crate) use kept::Home;
pub(crate) use leaf::{Leaf, Mask, Refused, TypedLeaf};

use super::RowId;
use crate::link::Link;
use crate::model::{AnyRow, Model};
use hash::Memo;
use kept::Kept;
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
#[derive(Clone)]
struct Bottom {
    leaves: [Option<Link<dyn Leaf>>; LEAVES],
    masks: [Mask; LEAVES],
    /// What [`RowTree::hash`] has found out about these rows.
    memo: Memo,
    kept: Kept,
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

    /// Puts a row at `id` and returns what was there. `make` makes an empty leaf.
    pub(crate) fn put(
        &mut self,
        id: RowId,
        row: Arc<dyn AnyRow>,
        make: fn() -> Link<dyn Leaf>,
    ) -> Option<Arc<dyn AnyRow>> {
        let (leaf, mask) = self.leaf_mut(id, make);
        *mask |= 1 << split(id).1;
        let old = leaf.put(split(id).1, row);
        self.len += usize::from(old.is_none());
        old
    }

    /// Puts a row at `id` in place of one that is there; returns the old one and what lies there now.
    pub(crate) fn swap(
        &mut self,
        id: RowId,
        row: Arc<dyn AnyRow>,
        make: fn() -> Link<dyn Leaf>,
    ) -> Option<(Arc<dyn AnyRow>, &dyn AnyRow)> {
        let slot = split(id).1;
        let leaf = self.leaf_mut(id, make).0;
        let old = leaf.put(slot, row);
        debug_assert!(old.is_some(), "a row that is replaced is there: the tree has as many rows as before");
        old.zip(leaf.row(slot))
    }

    /// The leaf of a row id, made this tree's own with the path to it; `None` where there is none.
    pub(crate) fn own_leaf(&mut self, id: RowId) -> Option<&mut dyn Leaf> {
        if !self.reaches(id) {
            return None;
        }
        let mut shift = self.shift;
        let mut node = Link::make_mut(self.root.as_mut()?);
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    node = Link::make_mut(children[child_index(id, shift)].as_mut()?);
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => {
                    bottom.forget();
                    return bottom.leaves[leaf_index(id)].as_mut().map(unshared);
                }
            }
        }
    }

    /// Puts many new rows, in ascending order of row id: one walk a leaf.
    pub(crate) fn put_new<'a>(
        &mut self,
        rows: impl Iterator<Item = (RowId, &'a Arc<dyn AnyRow>)>,
        make: fn() -> Link<dyn Leaf>,
    ) {
        let mut rows = rows.peekable();
        while let Some((first, row)) = rows.next() {
            let (leaf, mask) = self.leaf_mut(first, make);
            let mut added = usize::from(leaf.put(split(first).1, row.clone()).is_none());
            *mask |= 1 << split(first).1;
            while let Some((id, row)) = rows.next_if(|(id, _)| split(*id).0 == split(first).0) {
                added += usize::from(leaf.put(split(id).1, row.clone()).is_none());
                *mask |= 1 << split(id).1;
            }
            self.len += added;
        }
    }

    /// The leaf of a row id, made this tree's own, and its mask. A new one has no row yet.
    fn leaf_mut(&mut self, id: RowId, make: fn() -> Link<dyn Leaf>) -> (&mut dyn Leaf, &mut Mask) {
        self.grow(id);
        let mut shift = self.shift;
        let mut node = Link::make_mut(self.root.get_or_insert_with(|| new_node(shift)));
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    let child = &mut children[child_index(id, shift)];
                    shift -= INNER_BITS;
                    node = Link::make_mut(child.get_or_insert_with(|| new_node(shift)));
                }
                Node::Bottom(bottom) => {
                    bottom.forget();
                    let at = leaf_index(id);
                    return (unshared(bottom.leaves[at].get_or_insert_with(make)), &mut bottom.masks[at]);
                }
            }
        }
    }

    /// Makes the tree high enough for `id`.
    fn grow(&mut self, id: RowId) {
        if self.root.is_none() {
            (self.shift, self.last) = (BOTTOM, last_below(BOTTOM));
        }
        while !self.reaches(id) {
            if let Some(root) = self.root.take() {
                let mut children = [const { None }; CHILDREN];
                children[0] = Some(root);
                self.root = Some(Link::new(Node::Inner(children, Memo::default())));
            }
            self.shift += INNER_BITS;
            self.last = last_below(self.shift);
        }
    }

    /// Takes a row out. Nodes that become empty go with it.
    pub(crate) fn take(&mut self, id: RowId) -> Option<Arc<dyn AnyRow>> {
        self.row(id)?; // or the path would be copied for nothing
        let old = take_below(self.root.as_mut()?, id, self.shift);
        self.len -= usize::from(old.is_some());
        if self.root.as_ref().is_some_and(|root| root.is_empty()) {
            self.root = None;
        }
        old
    }
}

/// The last row id below the first root that shifts by so many bits.
fn last_below(shift: u32) -> RowId {
    u64::MAX.checked_shl(shift + INNER_BITS).map_or(u64::MAX, |above| !above)
}

fn new_node(shift: u32) -> Link<Node> {
    Link::new(if shift == BOTTOM {
        Node::Bottom(Bottom {
            leaves: [const { None }; LEAVES],
            masks: [0; LEAVES],
            memo: Memo::default(),
            kept: Kept::default(),
        })
    } else {
        Node::Inner([const { None }; CHILDREN], Memo::default())
    })
}

/// The leaf, made this tree's own.
fn unshared(leaf: &mut Link<dyn Leaf>) -> &mut dyn Leaf {
    // a look is cheaper than asking for the right to write twice; there are no weak references to leaves
    if Link::strong_count(leaf) > 1 {
        *leaf = leaf.copy();
    }
    Link::get_mut(leaf).expect("invariant: a leaf that no other tree shares has one owner")
}

/// At most twelve calls deep: one for each level.
fn take_below(node: &mut Link<Node>, id: RowId, shift: u32) -> Option<Arc<dyn AnyRow>> {
    match Link::make_mut(node) {
        Node::Inner(children, memo) => {
            memo.clear();
            let slot = &mut children[child_index(id, shift)];
            let child = slot.as_mut()?;
            let old = take_below(child, id, shift - INNER_BITS);
            if child.is_empty() {
                *slot = None;
            }
            old
        }
        Node::Bottom(bottom) => {
            bottom.forget();
            let at = leaf_index(id);
            let old = unshared(bottom.leaves[at].as_mut()?).take(split(id).1);
            bottom.masks[at] &= !(1 << split(id).1);
            if bottom.masks[at] == 0 {
                bottom.leaves[at] = None;
            }
            old
        }
    }
}

impl RowTree {
    /// Bytes of the nodes, the leaves and the columns kept for scans, without the rows. A node is counted in each version that shares it. O(leaves).
    pub(crate) fn bytes(&self) -> usize {
        let counts = 2 * size_of::<usize>();
        let leaf = LEAF_ROWS * size_of::<usize>() + counts;
        let leaves = self.blocks().count();
        // sparse nodes are rare
        let bottoms = leaves.div_ceil(LEAVES);
        let inner = bottoms.div_ceil(CHILDREN - 1);
        leaves * leaf + (bottoms + inner) * (size_of::<Node>() + counts) + self.kept_bytes()
    }
}
