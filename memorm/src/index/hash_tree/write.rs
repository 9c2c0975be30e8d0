//! Writing a `HashTree`: from the root to a leaf, or from sorted entries to a tree.
use super::node::{BITS, Branch, DIGITS, Leaf, MERGED, Node, SLOTS, digit};
use crate::link::{Link, own};

pub(super) fn insert(root: &mut Option<Node>, tag: u32, row: u64) {
    let (mut slot, mut shift) = (root, u32::BITS);
    loop {
        // `slot` serves one digit: a full leaf in it becomes a branch, or a long leaf when no bits are left
        if let Some(Node::Leaf(leaf)) = slot
            && leaf.len == SLOTS
        {
            *slot = Some(if shift == 0 {
                Node::Long(Link::new(leaf.rows.to_vec()))
            } else {
                Node::Branch(Link::new(Branch::around(leaf.clone())))
            });
        }
        match slot {
            None => {
                let mut leaf = Leaf::EMPTY;
                leaf.push(tag, row);
                *slot = Some(Node::Leaf(Link::new(leaf)));
                return;
            }
            Some(Node::Leaf(leaf)) => return own(leaf).push(tag, row),
            Some(Node::Long(rows)) => return own(rows).push(row),
            Some(Node::Branch(branch)) => {
                shift -= BITS;
                let branch = own(branch);
                let mut start = branch.start(digit(tag, shift));
                while branch.split_if_full(start, shift) {
                    start = branch.start(digit(tag, shift));
                }
                slot = &mut branch.children[start];
            }
        }
    }
}

/// Removes a row that is in the tree, and puts together what has become small. At most 9 calls deep.
pub(super) fn remove(slot: &mut Option<Node>, shift: u32, tag: u32, row: u64) {
    match slot {
        None => {}
        Some(Node::Leaf(leaf)) => {
            if leaf.len == 1 {
                *slot = None;
            } else {
                own(leaf).remove(tag, row);
            }
        }
        Some(Node::Long(rows)) => {
            let rows = own(rows);
            if let Some(i) = rows.iter().position(|other| *other == row) {
                rows.swap_remove(i);
            }
            if rows.len() * 4 < rows.capacity() {
                rows.shrink_to(rows.len() * 2);
            }
            if rows.len() <= MERGED {
                let mut leaf = Leaf::EMPTY;
                rows.iter().for_each(|row| leaf.push(tag, *row));
                *slot = Some(Node::Leaf(Link::new(leaf)));
            }
        }
        Some(Node::Branch(branch)) => {
            let branch = own(branch);
            let shift = shift - BITS;
            let start = branch.start(digit(tag, shift));
            remove(&mut branch.children[start], shift, tag, row);
            branch.merge(start);
            if branch.starts == 1 {
                *slot = branch.children[0].take();
            }
        }
    }
}

/// The node of sorted entries that agree in all bits above `shift`: the one that inserting them would give.
pub(super) fn build(entries: &[(u32, u64)], shift: u32) -> Option<Node> {
    if entries.len() <= SLOTS {
        return build_leaf(entries);
    }
    if shift == 0 {
        return Some(Node::Long(Link::new(entries.iter().map(|(_, row)| *row).collect())));
    }
    let shift = shift - BITS;
    let mut branch = Branch { starts: 0, children: [const { None }; DIGITS] };
    // ranges of digits still to be built, at most one for each power of two
    let mut open = vec![(0, DIGITS, entries)];
    while let Some((start, width, entries)) = open.pop() {
        if entries.len() > SLOTS && width > 1 {
            let half = start + width / 2;
            let (lower, upper) =
                entries.split_at(entries.partition_point(|(tag, _)| digit(*tag, shift) < half));
            open.push((half, width / 2, upper));
            open.push((start, width / 2, lower));
            continue;
        }
        branch.starts |= 1 << start;
        branch.children[start] = build(entries, shift);
    }
    Some(Node::Branch(Link::new(branch)))
}

fn build_leaf(entries: &[(u32, u64)]) -> Option<Node> {
    let mut leaf = Leaf::EMPTY;
    entries.iter().for_each(|(tag, row)| leaf.push(*tag, *row));
    (!entries.is_empty()).then(|| Node::Leaf(Link::new(leaf)))
}

/// The rows of a node that serves `width` digits and tags from `low` on; `None` when an invariant is broken.
pub(super) fn count(node: Option<&Node>, shift: u32, low: u32, width: usize) -> Option<usize> {
    // the root serves all digits of a digit above the first
    let span = if shift == u32::BITS { 1 << 32 } else { (width as u64) << shift };
    let is_served = |tag: u32| tag >= low && u64::from(tag - low) < span;
    match node {
        None => Some(0),
        Some(Node::Leaf(leaf)) => {
            (leaf.len > 0 && leaf.tags[..leaf.len].iter().all(|tag| is_served(*tag))).then_some(leaf.len)
        }
        Some(Node::Long(rows)) => (shift == 0 && width == 1 && rows.len() > MERGED).then_some(rows.len()),
        Some(Node::Branch(branch)) => {
            let is_sound = branch.starts & 1 == 1 && branch.starts != 1 && shift > 0;
            if !is_sound || (shift < u32::BITS && width != 1) {
                return None;
            }
            let shift = shift - BITS;
            let starts = (0..DIGITS).filter(|start| branch.starts & 1 << start != 0);
            starts
                .map(|start| {
                    let width = branch.width(start);
                    let is_aligned = width.is_power_of_two() && start % width == 0;
                    let node = branch.children[start].as_ref();
                    count(node, shift, low | (start as u32) << shift, width).filter(|_| is_aligned)
                })
                .sum()
        }
    }
}
