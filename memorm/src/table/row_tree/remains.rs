//! Trees that nobody reads any more, to be freed piece by piece.
use super::{Leaf, Node, RowTree};
use crate::link::Link;

/// Nodes and leaves that no tree leads to. Dropped, they are freed as a whole.
#[derive(Default)]
pub(crate) struct Remains {
    nodes: Vec<Link<Node>>,
    leaves: Vec<Link<dyn Leaf>>,
}

impl Remains {
    pub(crate) fn add(&mut self, tree: RowTree) {
        self.nodes.extend(tree.root);
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.nodes.append(&mut other.nodes);
        self.leaves.append(&mut other.leaves);
    }

    /// Frees a leaf with its rows, or a node alone; `false` where nothing is left. What another tree shares stays.
    pub(crate) fn free_one(&mut self) -> bool {
        if let Some(leaf) = self.leaves.pop() {
            drop(leaf);
            return true;
        }
        let Some(node) = self.nodes.pop() else { return false };
        match Link::try_unwrap(node) {
            Ok(Node::Inner(children, _)) => {
                self.nodes
                    .extend(children.into_iter().flatten().filter(|child| Link::strong_count(child) == 1));
            }
            Ok(Node::Bottom(bottom)) => {
                let leaves = bottom.leaves.into_iter().flatten();
                self.leaves.extend(leaves.filter(|leaf| Link::strong_count(leaf) == 1));
            }
            Err(_shared) => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::{Row, row};
    use crate::table::{Table, table_type};
    use std::sync::{Arc, Weak};

    #[test]
    fn each_piece_is_freed_alone_and_what_is_shared_stays() {
        let mut table = Table::new(table_type::<Row>());
        (0..10_000).for_each(|id| table.insert(id, row(id, 0)));
        let old = table.clone();
        let changed = [0, 17, 300, 9_999];
        let replaced: Vec<Weak<_>> = changed
            .map(|id| {
                let old = table.replace(id, row(id, 1)).expect("it is there");
                Arc::downgrade(&old)
            })
            .into();
        let kept = Arc::downgrade(&table.rows.share(1).expect("it is there"));

        let mut remains = Remains::default();
        remains.add(old.rows.clone());
        drop(old);
        let mut pieces = 0;
        while remains.free_one() {
            pieces += 1;
        }
        // the root, three bottoms, four leaves
        assert_eq!(pieces, 8);
        assert!(replaced.iter().all(|row| row.strong_count() == 0), "nobody reads the old rows");
        assert_eq!(kept.strong_count(), 1);
        assert_eq!(table.rows.iter().count(), 10_000);
    }
}
