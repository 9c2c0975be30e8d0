//! The shape of the tree: no node without rows, whatever was taken out.
use super::{Block, LEAVES, Leaf, Mask, Node, RowTree, TypedLeaf};
use crate::table::RowId;
use crate::table::tests::{Row, row};
use crate::value::Cell;

fn tree(ids: impl IntoIterator<Item = RowId>) -> RowTree {
    let mut tree = RowTree::default();
    ids.into_iter().for_each(|id| drop(tree.put(id, row(id, 0), TypedLeaf::<Row>::make)));
    tree
}

/// The first and last rows of leaves, bottoms and inner nodes of every height, up to the last row id there is.
fn edges() -> Vec<RowId> {
    let edges = [4, 8, 14, 20, 26, 32, 38, 44, 50, 56, 62].map(|bits| 1_u64 << bits);
    [0].into_iter().chain(edges.into_iter().flat_map(|edge| [edge - 1, edge])).chain([u64::MAX]).collect()
}

/// How many nodes and leaves there are.
///
/// # Panics
/// Where one of them has no row, and where a mask says something else than its leaf.
fn nodes(tree: &RowTree) -> usize {
    let mut open: Vec<&Node> = tree.root.as_deref().into_iter().collect();
    let mut found = 0;
    while let Some(node) = open.pop() {
        found += 1;
        let below = open.len();
        match node {
            Node::Inner(children, _) => {
                open.extend(children.iter().flatten().map(|child| &**child));
                assert!(open.len() > below, "an inner node without children");
            }
            Node::Bottom(bottom) => {
                let leaves = bottom.leaves.iter().flatten().count();
                assert!(leaves > 0, "a bottom without leaves");
                found += leaves;
                for at in 0..LEAVES {
                    let rows = bottom.leaves[at].as_ref().map_or(0, |leaf| {
                        (0..Mask::BITS)
                            .filter(|slot| leaf.row(*slot as usize).is_some())
                            .fold(0, |rows, slot| rows | 1 << slot)
                    });
                    assert_eq!(bottom.masks[at], rows, "the mask of leaf {at}");
                    assert!(bottom.leaves[at].is_none() || rows != 0, "a leaf without rows");
                }
            }
        }
    }
    found
}

fn ids(tree: &RowTree) -> Vec<RowId> {
    tree.iter().map(|(id, _)| id).collect()
}

/// Takes the rows out in this order, and looks at what is left after each.
fn empty(mut tree: RowTree, order: &[RowId]) {
    for (taken, id) in order.iter().enumerate() {
        assert!(tree.take(*id).is_some_and(|row| row.cell(0) == Cell::Wide(i128::from(*id))));
        assert!(tree.take(*id).is_none(), "{id} is gone");
        nodes(&tree);
        let mut left = order[taken + 1..].to_vec();
        left.sort_unstable();
        assert_eq!((tree.len(), ids(&tree)), (left.len(), left));
    }
    assert!(tree.root.is_none(), "the last row takes the last node with it");
    assert_eq!((nodes(&tree), tree.bytes()), (0, 0));
}

#[test]
fn taking_rows_out_frees_the_nodes_that_become_empty() {
    let order = edges();
    empty(tree(order.iter().copied()), &order);
    let backwards: Vec<RowId> = order.iter().rev().copied().collect();
    empty(tree(order), &backwards);
}

#[test]
fn rows_that_stay_keep_their_nodes_alone() {
    let mut tree = tree(0..5_000);
    let full = nodes(&tree);
    (0..5_000).filter(|id| id % 1_000 != 7).for_each(|id| drop(tree.take(id)));
    assert_eq!(ids(&tree), [7, 1_007, 2_007, 3_007, 4_007]);
    // five leaves in five bottoms below one inner node
    assert_eq!(nodes(&tree), 11);
    assert!(full > 300);
}

#[test]
fn a_tree_that_was_emptied_is_filled_like_a_new_one() {
    let mut again = tree([0, 1 << 20]);
    [0, 1 << 20].iter().for_each(|id| drop(again.take(*id)));
    assert!(again.put(3, row(3, 0), TypedLeaf::<Row>::make).is_none());
    assert_eq!((nodes(&again), ids(&again)), (nodes(&tree([3])), vec![3]));
}

#[test]
fn a_version_that_shares_the_tree_keeps_the_rows_that_are_taken_out() {
    let shared = tree(edges());
    empty(shared.clone(), &edges());
    assert_eq!(ids(&shared), edges());
    nodes(&shared);
}

#[test]
fn a_row_that_is_not_there_is_not_taken_and_copies_nothing() {
    let mut tree = tree([5, 300]);
    let shared = tree.clone();
    for id in [4, 6, 299, 301, 4_096, u64::MAX] {
        assert!(tree.take(id).is_none());
    }
    assert!(tree.leaf(5).zip(shared.leaf(5)).is_some_and(|(a, b)| crate::link::Link::ptr_eq(a, b)));
    assert_eq!(tree.len(), 2);
}

#[test]
fn rows_found_one_after_the_other_are_those_of_a_walk() {
    let places = edges();
    for tree in [tree(places.iter().copied()), tree(0..40), tree([]), tree((0..50).map(|n| n * 700))] {
        let wanted: Vec<RowId> =
            places.iter().chain(places.iter().rev()).copied().chain((0..400).map(|n| n * 97)).collect();
        let blocks = tree.blocks_of(&wanted);
        let rows = |block: &Block<'_>| {
            block.slots().map(|slot| (block.first + slot as u64, address(block.leaf))).collect()
        };
        let found: Vec<_> = blocks.iter().flat_map::<Vec<_>, _>(rows).collect();
        let walked = wanted.iter().filter_map(|id| Some((*id, address(&**tree.leaf(*id)?))));
        assert_eq!(found, Vec::from_iter(walked));
    }
}

fn address(leaf: &dyn Leaf) -> *const () {
    std::ptr::from_ref(leaf).cast()
}
