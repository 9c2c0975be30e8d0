//! Writing rows into the tree: the path to a row is made this tree's own, or copied where another version shares it.
use super::kept::Kept;
use super::{
    BOTTOM, Bottom, CHILDREN, INNER_BITS, LEAVES, Leaf, Mask, Memo, Node, RowTree, child_index, leaf_index,
    split,
};
use crate::link::{Link, own};
use crate::model::AnyRow;
use crate::table::RowId;
use std::sync::Arc;

impl RowTree {
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

    /// Puts a row at `id` in place of one that is there; returns the old one.
    pub(crate) fn exchange(&mut self, id: RowId, row: Arc<dyn AnyRow>) -> Option<Arc<dyn AnyRow>> {
        let old = self.own_leaf(id)?.put(split(id).1, row);
        debug_assert!(old.is_some(), "a row that is replaced is there: the tree has as many rows as before");
        old
    }

    /// The same; returns the old row and what lies there now.
    pub(crate) fn swap(&mut self, id: RowId, row: Arc<dyn AnyRow>) -> Option<(Arc<dyn AnyRow>, &dyn AnyRow)> {
        let slot = split(id).1;
        let leaf = self.own_leaf(id)?;
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
        let mut node = own(self.root.as_mut()?);
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    node = own(children[child_index(id, shift)].as_mut()?);
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
        let mut node = own(self.root.get_or_insert_with(|| new_node(shift)));
        loop {
            match node {
                Node::Inner(children, memo) => {
                    memo.clear();
                    let child = &mut children[child_index(id, shift)];
                    shift -= INNER_BITS;
                    node = own(child.get_or_insert_with(|| new_node(shift)));
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
pub(super) fn unshared(leaf: &mut Link<dyn Leaf>) -> &mut dyn Leaf {
    // a look is cheaper than asking for the right to write twice; there are no weak references to leaves
    if Link::strong_count(leaf) > 1 {
        *leaf = leaf.copy();
    }
    Link::get_mut(leaf).expect("invariant: a leaf that no other tree shares has one owner")
}

/// At most twelve calls deep: one for each level.
fn take_below(node: &mut Link<Node>, id: RowId, shift: u32) -> Option<Arc<dyn AnyRow>> {
    match own(node) {
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
