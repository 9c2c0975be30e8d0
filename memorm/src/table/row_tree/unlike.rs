//! The leaves that two trees do not share: what a diff reads.
use super::{BITS, BOTTOM, CHILDREN, INNER_BITS, LEAVES, Node, RowTree};
use crate::link::Link;
use crate::table::{Leaf, RowId};

/// A leaf that two trees do not share: its first row id, and what it is in the old and in the new one.
pub(crate) type LeafPair<'a> = (RowId, Option<&'a dyn Leaf>, Option<&'a dyn Leaf>);

/// Two subtrees over the same row ids, each with its shift.
struct Pair<'a> {
    first: RowId,
    old: Option<(&'a Link<Node>, u32)>,
    new: Option<(&'a Link<Node>, u32)>,
}

impl Pair<'_> {
    fn is_shared(&self) -> bool {
        match (self.old, self.new) {
            (Some((old, _)), Some((new, _))) => Link::ptr_eq(old, new),
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
                    |side: Option<(&'a Link<Node>, u32)>, at| side.and_then(|(node, _)| leaf_at(node, at));
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
fn child_at((node, own): (&Link<Node>, u32), at: usize, shift: u32) -> Option<(&Link<Node>, u32)> {
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
