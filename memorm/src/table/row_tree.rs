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
use super::leaf::{Leaf, Mask};
use super::row_hash::Memo;
use super::{RowId, TypedLeaf};
use crate::model::{AnyRow, Model};
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
#[expect(
    clippy::large_enum_variant,
    reason = "a bottom wastes a byte a row; a box would cost each `get` a trip to memory"
)]
pub(super) enum Node {
    Inner([Option<Arc<Node>>; CHILDREN], Memo),
    Bottom(Bottom),
}

/// The leaves of 256 rows, and which of their slots hold a row: a scan knows its rows before it touches a leaf.
#[derive(Clone)]
pub(super) struct Bottom {
    pub(super) leaves: [Option<Arc<dyn Leaf>>; LEAVES],
    pub(super) masks: [Mask; LEAVES],
    /// What [`RowTree::hash`] has found out about these rows.
    pub(super) memo: Memo,
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
    pub(super) root: Option<Arc<Node>>,
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
    pub(crate) fn leaf(&self, id: RowId) -> Option<&Arc<dyn Leaf>> {
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
        while Arc::strong_count(node) == 1 {
            match &**node {
                Node::Inner(children, _) => {
                    let Some(child) = &children[child_index(first, shift)] else { return false };
                    node = child;
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => {
                    let leaf = bottom.leaves[leaf_index(first)].as_ref();
                    return leaf.is_some_and(|leaf| Arc::strong_count(leaf) == 1 && leaf.is_alone(mask));
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
        make: fn() -> Arc<dyn Leaf>,
    ) -> Option<Arc<dyn AnyRow>> {
        let (leaf, mask) = self.leaf_mut(id, make);
        *mask |= 1 << split(id).1;
        let old = leaf.put(split(id).1, row);
        self.len += usize::from(old.is_none());
        old
    }

    /// The leaf of a row id, made this tree's own with the path to it; `None` where there is none.
    pub(crate) fn own_leaf(&mut self, id: RowId) -> Option<&mut dyn Leaf> {
        if !self.reaches(id) {
            return None;
        }
        let mut shift = self.shift;
        let mut node = Arc::make_mut(self.root.as_mut()?);
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    node = Arc::make_mut(children[child_index(id, shift)].as_mut()?);
                    shift -= INNER_BITS;
                }
                Node::Bottom(bottom) => {
                    bottom.memo.clear();
                    return bottom.leaves[leaf_index(id)].as_mut().map(unshared);
                }
            }
        }
    }

    /// Puts many new rows, in ascending order of row id: one walk a leaf.
    pub(crate) fn put_new<'a>(
        &mut self,
        rows: impl Iterator<Item = (RowId, &'a Arc<dyn AnyRow>)>,
        make: fn() -> Arc<dyn Leaf>,
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
    fn leaf_mut(&mut self, id: RowId, make: fn() -> Arc<dyn Leaf>) -> (&mut dyn Leaf, &mut Mask) {
        self.grow(id);
        let mut shift = self.shift;
        let mut node = Arc::make_mut(self.root.get_or_insert_with(|| new_node(shift)));
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    let child = &mut children[child_index(id, shift)];
                    shift -= INNER_BITS;
                    node = Arc::make_mut(child.get_or_insert_with(|| new_node(shift)));
                }
                Node::Bottom(bottom) => {
                    bottom.memo.clear();
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
                self.root = Some(Arc::new(Node::Inner(children, Memo::default())));
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

    /// All leaves, in row order.
    pub(crate) fn blocks(&self) -> Blocks<'_> {
        let mut open = Vec::new();
        if let Some(root) = &self.root {
            open.push((&**root, 0, 0));
        }
        Blocks { open, shift: self.shift }
    }
}

/// The last row id below the first root that shifts by so many bits.
fn last_below(shift: u32) -> RowId {
    u64::MAX.checked_shl(shift + INNER_BITS).map_or(u64::MAX, |above| !above)
}

fn new_node(shift: u32) -> Arc<Node> {
    Arc::new(if shift == BOTTOM {
        Node::Bottom(Bottom { leaves: [const { None }; LEAVES], masks: [0; LEAVES], memo: Memo::default() })
    } else {
        Node::Inner([const { None }; CHILDREN], Memo::default())
    })
}

/// The leaf, made this tree's own.
fn unshared(leaf: &mut Arc<dyn Leaf>) -> &mut dyn Leaf {
    // a look is cheaper than asking for the right to write twice; there are no weak references to leaves
    if Arc::strong_count(leaf) > 1 {
        *leaf = leaf.copy();
    }
    Arc::get_mut(leaf).expect("invariant: a leaf that no other tree shares has one owner")
}

/// At most twelve calls deep: one for each level.
fn take_below(node: &mut Arc<Node>, id: RowId, shift: u32) -> Option<Arc<dyn AnyRow>> {
    match Arc::make_mut(node) {
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
            bottom.memo.clear();
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

/// Some rows of one leaf.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// The row id of slot 0.
    pub(crate) first: RowId,
    pub(crate) leaf: &'a dyn Leaf,
    /// Which rows. Never empty.
    pub(crate) mask: Mask,
}

/// The leaves of a tree in row order, each with all its rows.
pub(crate) struct Blocks<'a> {
    /// The path to the next leaf: node, its next child, the first row id below it.
    open: Vec<(&'a Node, usize, RowId)>,
    shift: u32,
}

impl<'a> Blocks<'a> {
    /// Appends the next leaves until there are `wanted` of them or none is left.
    pub(crate) fn append_to(&mut self, out: &mut Vec<Block<'a>>, wanted: usize) {
        while out.len() < wanted {
            let Some(block) = self.next() else { return };
            out.push(block);
            // the rest of the same 256 rows, without coming back here for each leaf
            let Some((Node::Bottom(bottom), next, first)) = self.open.last_mut() else { continue };
            while *next < LEAVES && out.len() < wanted {
                let at = *next;
                *next += 1;
                if let Some(leaf) = &bottom.leaves[at] {
                    let first = *first | (at as u64) << BITS;
                    out.push(Block { first, leaf: &**leaf, mask: bottom.masks[at] });
                }
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
                    if let Some(leaf) = &bottom.leaves[at] {
                        let first = *first | (at as u64) << BITS;
                        return Some(Block { first, leaf: &**leaf, mask: bottom.masks[at] });
                    }
                }
                _ => {
                    self.open.pop();
                }
            }
        }
    }
}

/// A leaf that two trees do not share: its first row id, and what it is in the old and in the new one.
pub(crate) type LeafPair<'a> = (RowId, Option<&'a dyn Leaf>, Option<&'a dyn Leaf>);

/// Two subtrees over the same row ids, each with its shift.
struct Pair<'a> {
    first: RowId,
    old: Option<(&'a Arc<Node>, u32)>,
    new: Option<(&'a Arc<Node>, u32)>,
}

impl Pair<'_> {
    fn is_shared(&self) -> bool {
        match (self.old, self.new) {
            (Some((old, _)), Some((new, _))) => Arc::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        }
    }
}

impl RowTree {
    /// The leaves that this tree does not share with an older one, in row order. Shared subtrees are not looked into: it
    /// costs what differs, not what exists.
    pub(crate) fn leaves_unlike<'a>(&'a self, old: &'a Self) -> Vec<LeafPair<'a>> {
        let root = |tree: &'a Self| tree.root.as_ref().map(|root| (root, tree.shift));
        let mut open = vec![Pair { first: 0, old: root(old), new: root(self) }];
        let mut out = Vec::new();
        while let Some(pair) = open.pop() {
            if pair.is_shared() {
                continue;
            }
            let shift = pair.old.map_or(0, |(_, shift)| shift).max(pair.new.map_or(0, |(_, shift)| shift));
            if shift == BOTTOM {
                let of =
                    |side: Option<(&'a Arc<Node>, u32)>, at| side.and_then(|(node, _)| leaf_at(node, at));
                for at in 0..LEAVES {
                    let (old, new) = (of(pair.old, at), of(pair.new, at));
                    if !is_same_leaf(old, new) {
                        out.push((pair.first | (at as u64) << BITS, old, new));
                    }
                }
                continue;
            }
            for at in (0..CHILDREN).rev() {
                let below = Pair {
                    first: pair.first | (at as u64) << shift,
                    old: pair.old.and_then(|side| child_at(side, at, shift)),
                    new: pair.new.and_then(|side| child_at(side, at, shift)),
                };
                if !below.is_shared() {
                    open.push(below);
                }
            }
        }
        out
    }
}

/// The child at a place of a node that is as high as `shift`; a lower tree is the first child of a higher one.
fn child_at((node, own): (&Arc<Node>, u32), at: usize, shift: u32) -> Option<(&Arc<Node>, u32)> {
    match &**node {
        Node::Inner(children, _) if own == shift => Some((children[at].as_ref()?, shift - INNER_BITS)),
        _ => (at == 0).then_some((node, own)),
    }
}

fn leaf_at(node: &Node, at: usize) -> Option<&dyn Leaf> {
    match node {
        Node::Bottom(bottom) => bottom.leaves[at].as_deref(),
        Node::Inner(..) => None,
    }
}

fn is_same_leaf(a: Option<&dyn Leaf>, b: Option<&dyn Leaf>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::addr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

impl RowTree {
    /// Bytes of the nodes and leaves, without the rows. A node is counted in each version that shares it. O(leaves).
    pub(crate) fn bytes(&self) -> usize {
        let counts = 2 * size_of::<usize>();
        let leaf = LEAF_ROWS * size_of::<usize>() + counts;
        let leaves = self.blocks().count();
        // sparse nodes are rare
        let bottoms = leaves.div_ceil(LEAVES);
        let inner = bottoms.div_ceil(CHILDREN - 1);
        leaves * leaf + (bottoms + inner) * (size_of::<Node>() + counts)
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
