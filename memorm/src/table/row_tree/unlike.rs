//! The leaves that two trees do not share: what a diff reads.
use super::{BITS, BOTTOM, CHILDREN, INNER_BITS, LEAVES, Node, RowTree};
use crate::link::Link;
use crate::table::{Leaf, RowId};
use std::ffi::c_void;
use std::hint::black_box;
use std::ptr::null;

/// A leaf that two trees do not share: its first row id, and what it is in the old and in the new one.
pub(crate) type LeafPair<'a> = (RowId, Option<&'a dyn Leaf>, Option<&'a dyn Leaf>);

/// So many pairs are waited for together: more than a processor fetches at a time, and few enough to be in the first cache.
const AT_ONCE: usize = 64;

/// A subtree with its shift.
type Side<'a> = Option<(&'a Link<Node>, u32)>;

/// Two subtrees over the same row ids.
#[derive(Clone, Copy)]
struct Pair<'a> {
    first: RowId,
    old: Side<'a>,
    new: Side<'a>,
}

impl RowTree {
    /// The leaves that this tree does not share with an older one, in row order. Shared subtrees are not looked into: it
    /// costs what differs, not what exists.
    ///
    /// Both are read level by level, and of a level many nodes are waited for together.
    pub(crate) fn leaves_unlike<'a>(&'a self, old: &'a Self) -> Vec<LeafPair<'a>> {
        let root = |tree: &'a Self| tree.root.as_ref().map(|root| (root, tree.shift));
        let mut level = vec![Pair { first: 0, old: root(old), new: root(self) }];
        level.retain(|pair| !pair.is_shared());
        let mut shift =
            [old, self].map(|tree| tree.root.as_ref().map_or(BOTTOM, |_| tree.shift)).into_iter().max();
        let mut below = Vec::new();
        while let Some(height) = shift.filter(|shift| *shift > BOTTOM) {
            for pairs in level.chunks(AT_ONCE) {
                pairs.iter().for_each(Pair::fetch);
                pairs.iter().for_each(|pair| pair.append_children(height, &mut below));
            }
            level.clear();
            std::mem::swap(&mut level, &mut below);
            shift = Some(height - INNER_BITS);
        }
        let mut out = Vec::with_capacity(level.len());
        for pairs in level.chunks(AT_ONCE) {
            pairs.iter().for_each(Pair::fetch);
            pairs.iter().for_each(|pair| pair.append_leaves(&mut out));
        }
        out
    }
}

impl<'a> Pair<'a> {
    fn is_shared(&self) -> bool {
        match (self.old, self.new) {
            (Some((old, _)), Some((new, _))) => Link::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        }
    }

    /// Reads something of each cache line of both nodes.
    fn fetch(&self) {
        for (node, _) in [self.old, self.new].into_iter().flatten() {
            black_box(match &**node {
                Node::Inner(children, _) => {
                    children.iter().step_by(8).filter(|child| child.is_some()).count()
                }
                Node::Bottom(bottom) => bottom.leaves.iter().step_by(4).filter(|leaf| leaf.is_some()).count(),
            });
        }
    }

    /// Appends the pairs below two nodes, of which one is as high as `shift`, that are not shared.
    fn append_children(&self, shift: u32, below: &mut Vec<Self>) {
        if let (Some((old, old_shift)), Some((new, new_shift))) = (self.old, self.new)
            && old_shift == new_shift
            && let (Node::Inner(old, _), Node::Inner(new, _)) = (&**old, &**new)
        {
            // nearly all: a loop of a few instructions a child
            for at in 0..CHILDREN {
                if address(&old[at]) != address(&new[at]) {
                    let child =
                        |node: &'a [Option<Link<Node>>]| Some((node[at].as_ref()?, shift - INNER_BITS));
                    below.push(Pair {
                        first: self.first | (at as u64) << shift,
                        old: child(old),
                        new: child(new),
                    });
                }
            }
            return;
        }
        for at in 0..CHILDREN {
            let child = |side: Side<'a>| side.and_then(|side| child_at(side, at, shift));
            let first = self.first | (at as u64) << shift;
            let pair = Pair { first, old: child(self.old), new: child(self.new) };
            if !pair.is_shared() {
                below.push(pair);
            }
        }
    }

    fn append_leaves(&self, out: &mut Vec<LeafPair<'a>>) {
        let (old, new) = (leaves(self.old), leaves(self.new));
        for at in 0..LEAVES {
            if address(&old[at]) != address(&new[at]) {
                out.push((self.first | (at as u64) << BITS, old[at].as_deref(), new[at].as_deref()));
            }
        }
    }
}

/// The child at a place of a node that is as high as `shift`; a lower tree is the first child of a higher one.
fn child_at((node, own): (&Link<Node>, u32), at: usize, shift: u32) -> Option<(&Link<Node>, u32)> {
    match &**node {
        Node::Inner(children, _) if own == shift => Some((children[at].as_ref()?, shift - INNER_BITS)),
        _ => (at == 0).then_some((node, own)),
    }
}

/// The leaves of a bottom; none where there is no bottom.
fn leaves(side: Side<'_>) -> &[Option<Link<dyn Leaf>>; LEAVES] {
    match side.map(|(node, _)| &**node) {
        Some(Node::Bottom(bottom)) => &bottom.leaves,
        _ => const { &[const { None }; LEAVES] },
    }
}

/// Where something lies: two of one address are one. A loop of such comparisons has no branch for what is not there.
fn address<T: ?Sized>(link: &Option<Link<T>>) -> *const c_void {
    match link {
        Some(link) => link.heap_ptr(),
        None => null(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::LEAF_ROWS;
    use crate::table::tests::{Row, row};
    use crate::table::{RowId, Table, table_type};

    fn unlike(new: &Table, old: &Table) -> Vec<RowId> {
        new.rows.leaves_unlike(&old.rows).into_iter().map(|(first, ..)| first).collect()
    }

    #[test]
    fn a_change_at_each_edge_of_a_node_is_told_and_nothing_else() {
        let mut table = Table::new(table_type::<Row>());
        // the first and last rows of leaves, bottoms and inner nodes of every height
        let edges = [4, 8, 14, 20, 26].map(|bits| 1_u64 << bits);
        let ids: Vec<RowId> =
            [0].into_iter().chain(edges.iter().flat_map(|edge| [edge - 1, *edge])).collect();
        ids.iter().for_each(|id| table.insert(*id, row(*id, 0)));
        for id in &ids {
            let before = table.clone();
            table.replace(*id, row(*id, 1));
            assert_eq!(unlike(&table, &before), [id - id % LEAF_ROWS as u64], "row {id}");
        }
    }

    #[test]
    fn a_tree_that_has_grown_is_compared_with_a_lower_one() {
        let mut table = Table::new(table_type::<Row>());
        table.insert(0, row(0, 0));
        let low = table.clone();
        let added = [1 << 8, 1 << 14, 1 << 20];
        added.iter().for_each(|id| table.insert(*id, row(*id, 0)));
        assert_eq!(unlike(&table, &low), added);
        assert_eq!(unlike(&low, &table), added);
    }
}
