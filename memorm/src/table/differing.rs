//! Where two versions of a row tree differ: what they share is skipped by its pointer.
use super::RowId;
use super::leaf::{Leaf, Mask};
use super::row_tree::{BITS, Block, Bottom, Node, RowTree, WIDTH};
use std::sync::Arc;

/// Sixteen places of which some hold other objects in the two versions.
pub(crate) struct Differing<'a> {
    /// What was there before, as far as it differs.
    pub(crate) before: Option<Block<'a>>,
    /// What is there after, as far as it differs.
    pub(crate) after: Option<Block<'a>>,
}

/// A subtree on one side, and by how many bits its root shifts a row id.
type Side<'a> = Option<(&'a Arc<Node>, u32)>;

impl RowTree {
    /// The places whose objects differ from those of `after`, in row order. Cost follows what differs, not what exists.
    pub(crate) fn differing<'a>(&'a self, after: &'a RowTree) -> Vec<Differing<'a>> {
        let mut found = Vec::new();
        let side = |tree: &'a RowTree| tree.root.as_ref().map(|root| (root, tree.shift));
        let mut open: Vec<(Side<'a>, Side<'a>, u32, RowId)> =
            vec![(side(self), side(after), self.shift.max(after.shift), 0)];
        while let Some((before, after, shift, first)) = open.pop() {
            let is_shared = match (before, after) {
                (Some((before, _)), Some((after, _))) => Arc::ptr_eq(before, after),
                (before, after) => before.is_none() && after.is_none(),
            };
            if is_shared {
                continue;
            }
            if shift <= BITS {
                bottoms(bottom(before), bottom(after), first, &mut found);
                continue;
            }
            for at in (0..WIDTH).rev() {
                let (before, after) = (child(before, shift, at), child(after, shift, at));
                if before.is_some() || after.is_some() {
                    open.push((before, after, shift - BITS, first | (at as u64) << shift));
                }
            }
        }
        found
    }
}

/// The child at this height; a tree that is lower lies below the first one.
fn child<'a>(side: Side<'a>, shift: u32, at: usize) -> Side<'a> {
    let (node, own) = side?;
    if own < shift {
        return (at == 0).then_some((node, own));
    }
    match &**node {
        Node::Inner(children) => children[at].as_ref().map(|child| (child, own - BITS)),
        Node::Bottom(_) => None,
    }
}

fn bottom<'a>(side: Side<'a>) -> Option<&'a Bottom> {
    match &**side?.0 {
        Node::Bottom(bottom) => Some(bottom),
        Node::Inner(_) => None,
    }
}

fn bottoms<'a>(
    before: Option<&'a Bottom>,
    after: Option<&'a Bottom>,
    first: RowId,
    found: &mut Vec<Differing<'a>>,
) {
    let leaf = |bottom: Option<&'a Bottom>, at: usize| {
        let bottom = bottom?;
        Some((bottom.leaves[at].as_ref()?, bottom.masks[at]))
    };
    for at in 0..WIDTH {
        let (before, after) = (leaf(before, at), leaf(after, at));
        let same = match (before, after) {
            (Some((before, all)), Some((after, _))) if !Arc::ptr_eq(before, after) => {
                same_objects(&**before, &**after, all)
            }
            (Some(_), Some(_)) => continue,
            _ => 0,
        };
        let first = first | (at as u64) << BITS;
        let block = |side: Option<(&'a Arc<dyn Leaf>, Mask)>| {
            let (leaf, mask) = side?;
            let mask = mask & !same;
            (mask != 0).then_some(Block { first, leaf: &**leaf, mask })
        };
        let differing = Differing { before: block(before), after: block(after) };
        if differing.before.is_some() || differing.after.is_some() {
            found.push(differing);
        }
    }
}

/// The slots among `all` that hold one object on both sides.
fn same_objects(before: &dyn Leaf, after: &dyn Leaf, all: Mask) -> Mask {
    (0..WIDTH)
        .filter(|slot| all >> slot & 1 == 1)
        .filter(|slot| before.share(*slot).is_some_and(|row| after.holds(*slot, &row)))
        .fold(0, |mask, slot| mask | 1 << slot)
}
