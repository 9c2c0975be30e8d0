//! `HashTree`: a persistent multimap from the hash of a key to row ids.
//!
//! ```text
//!   branch   │ 0  1  2  3 │ 4  5 │ 6  7 │ 8  9  a  b  c  d  e  f │    the next 4 bits of the tag
//!                 │           │      │              │
//!               leaf        leaf   branch…        leaf               a leaf may serve 1, 2, 4, 8 or 16 digits
//!
//!   leaf     tags [u32; 32]   rows [u64; 32]
//! ```
//!
//! The tag is 32 bits of the hash. Its bits choose the path, from the top; a leaf keeps the whole tag of each row,
//! so that splitting needs no key. A full leaf splits into two halves of its range of digits, not at once into
//! sixteen: leaves stay half full or fuller, which halves the memory of a plain 16-way split. A leaf that serves a
//! single digit becomes a branch. When all 32 bits are used up (equal tags), rows go to a *long* leaf that is
//! scanned: a key type with a constant hash costs O(n), not a loop without end.
//!
//! Keys are not stored. `find` yields candidates, and the caller compares the key on the row itself.
//!
//! Invariants:
//! - In a branch, `starts` has a bit for the first digit of each child; bit 0 is always set. A child at digit `d`
//!   serves the digits up to the next start; their number is a power of two, and `d` is a multiple of it.
//! - Branches and long leaves serve one digit. An absent child is an empty leaf.
//! - No branch has a single child; two neighbouring halves hold more than 16 rows together, or one is a branch. So
//!   memory follows the number of rows down again.
//! - The tree is at most 8 branches deep: recursion over it is bounded, whatever the number of rows.

use crate::link::{Link, own};

/// How many digits a branch tells apart.
const DIGITS: usize = 16;
/// Bits of a digit.
const BITS: u32 = 4;
/// How many rows a leaf holds.
const SLOTS: usize = 32;
/// Two halves are put together when they have this many rows. Less than `SLOTS`, or a row that comes and goes would
/// split and merge each time.
const MERGED: usize = 16;

/// A persistent multimap from hashes to row ids.
///
/// `clone` copies a pointer. `insert`, `remove` and `find` are `O(log n)` while hashes differ.
#[derive(Clone, Debug, Default)]
pub struct HashTree {
    root: Option<Node>,
    len: usize,
}

#[derive(Clone, Debug)]
enum Node {
    Branch(Link<Branch>),
    Leaf(Link<Leaf>),
    /// Rows of one tag.
    Long(Link<Vec<u64>>),
}

#[derive(Clone, Debug)]
struct Branch {
    starts: u16,
    children: [Option<Node>; DIGITS],
}

#[derive(Clone, Debug)]
struct Leaf {
    len: usize,
    tags: [u32; SLOTS],
    rows: [u64; SLOTS],
}

/// The row ids whose key may have the hash that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Candidates<'a> {
    /// The slots of `rows` that are still to come.
    mask: u32,
    rows: &'a [u64],
    long: std::slice::Iter<'a, u64>,
}

/// Both halves of a hash, so that a hash function which is weak in one of them does no harm.
#[inline]
fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32 ^ hash as u32
}

#[inline]
fn digit(tag: u32, shift: u32) -> usize {
    (tag >> shift) as usize & (DIGITS - 1)
}

impl HashTree {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes on the heap, by the number of rows: leaves are half full or fuller.
    pub fn bytes(&self) -> usize {
        let leaf = size_of::<Leaf>() + size_of::<usize>();
        match self.len {
            0 => 0,
            len if len <= SLOTS => leaf,
            // three quarters full on average, and a branch for each few leaves
            len => len * leaf * 4 / (3 * SLOTS) + len * size_of::<Branch>() / (8 * SLOTS),
        }
    }

    /// Removes every row.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The rows whose key may have this hash, in an order that depends only on the history of the tree.
    ///
    /// Among n rows, n / 2^32 with another hash are found on average: compare keys.
    #[inline]
    pub fn find(&self, hash: u64) -> Candidates<'_> {
        let tag = tag_of(hash);
        let mut shift = u32::BITS;
        let mut node = self.root.as_ref();
        loop {
            match node {
                Some(Node::Branch(branch)) => {
                    shift -= BITS;
                    node = branch.children[branch.start(digit(tag, shift))].as_ref();
                }
                Some(Node::Leaf(leaf)) => {
                    return Candidates { mask: leaf.matches(tag), rows: &leaf.rows, ..Candidates::default() };
                }
                Some(Node::Long(rows)) => return Candidates { long: rows.iter(), ..Candidates::default() },
                None => return Candidates::default(),
            }
        }
    }

    /// Adds a row. The pair must not be in the tree: it would be there twice.
    pub fn insert(&mut self, hash: u64, row: u64) {
        self.len += 1;
        insert(&mut self.root, tag_of(hash), row);
    }

    /// Removes a row; false when the pair is not in the tree.
    pub fn remove(&mut self, hash: u64, row: u64) -> bool {
        // a miss must not copy the path of a shared version, so look first
        if !self.find(hash).any(|found| found == row) {
            return false;
        }
        self.len -= 1;
        remove(&mut self.root, u32::BITS, tag_of(hash), row);
        true
    }

    /// Adds many rows, given as (hash, row). Up to three times as fast as one by one.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = (u64, u64)>) {
        let mut entries: Vec<(u32, u64)> =
            entries.into_iter().map(|(hash, row)| (tag_of(hash), row)).collect();
        // neighbours in the tree become neighbours in time: each node is fetched and copied once
        entries.sort_unstable();
        self.len += entries.len();
        if self.root.is_none() {
            self.root = build(&entries, u32::BITS);
            return;
        }
        for (tag, row) in entries {
            insert(&mut self.root, tag, row);
        }
    }

    /// Whether the invariants hold. Reads the whole tree.
    pub fn is_consistent(&self) -> bool {
        count(self.root.as_ref(), u32::BITS, 0, DIGITS) == Some(self.len)
    }
}

impl<'a> Iterator for Candidates<'a> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.mask != 0 {
            let slot = self.mask.trailing_zeros() as usize;
            self.mask &= self.mask - 1;
            return Some(self.rows[slot]);
        }
        self.long.next().copied()
    }
}

impl Branch {
    /// A branch whose digits are all served by one leaf.
    fn around(leaf: Link<Leaf>) -> Self {
        let mut children = [const { None }; DIGITS];
        children[0] = Some(Node::Leaf(leaf));
        Self { starts: 1, children }
    }

    /// The first digit of the child that serves `digit`.
    #[inline]
    fn start(&self, digit: usize) -> usize {
        let starts = self.starts & (u16::MAX >> (DIGITS - 1 - digit));
        (u16::BITS - 1).saturating_sub(starts.leading_zeros()) as usize
    }

    /// How many digits the child that starts at `start` serves.
    fn width(&self, start: usize) -> usize {
        let after = u32::from(self.starts) >> start >> 1;
        if after == 0 { DIGITS - start } else { after.trailing_zeros() as usize + 1 }
    }

    /// Splits the child at `start` into two halves if it is a full leaf of two digits or more.
    fn split_if_full(&mut self, start: usize, shift: u32) -> bool {
        let width = self.width(start);
        let Some(Node::Leaf(leaf)) = &mut self.children[start] else { return false };
        if leaf.len < SLOTS || width == 1 {
            return false;
        }
        let half = start + width / 2;
        let upper = own(leaf).split(|tag| digit(tag, shift) >= half);
        if leaf.len == 0 {
            self.children[start] = None;
        }
        self.children[half] = (upper.len > 0).then(|| Node::Leaf(Link::new(upper)));
        self.starts |= 1 << half;
        true
    }

    /// Puts the child at `start` together with its other half, and the result with its other half, while few rows
    /// are in them.
    fn merge(&mut self, mut start: usize) {
        loop {
            let width = self.width(start);
            if width == DIGITS {
                return;
            }
            let (low, high) = (start & !width, start | width);
            let is_halved = self.starts & 1 << high != 0 && self.width(low) == self.width(high);
            let rows = (leaf_len(&self.children[low]), leaf_len(&self.children[high]));
            match rows {
                (Some(a), Some(b)) if is_halved && a + b <= MERGED => {}
                _ => return,
            }
            let upper = self.children[high].take();
            self.starts &= !(1 << high);
            match (&mut self.children[low], upper) {
                (Some(Node::Leaf(lower)), Some(Node::Leaf(upper))) => own(lower).append(&upper),
                (lower @ None, upper) => *lower = upper,
                _ => {}
            }
            start = low;
        }
    }
}

/// The rows of a child that is a leaf or absent.
fn leaf_len(child: &Option<Node>) -> Option<usize> {
    match child {
        None => Some(0),
        Some(Node::Leaf(leaf)) => Some(leaf.len),
        Some(_) => None,
    }
}

impl Leaf {
    const EMPTY: Self = Self { len: 0, tags: [0; SLOTS], rows: [0; SLOTS] };

    /// The slots with this tag, one bit each.
    #[inline]
    fn matches(&self, tag: u32) -> u32 {
        // over all slots and without a branch, so that it becomes a few vector instructions
        let mask =
            self.tags.iter().enumerate().fold(0, |mask, (i, other)| mask | u32::from(*other == tag) << i);
        mask & ((1_u64 << self.len) - 1) as u32
    }

    fn push(&mut self, tag: u32, row: u64) {
        self.tags[self.len] = tag;
        self.rows[self.len] = row;
        self.len += 1;
    }

    /// Moves the rows whose tag is `chosen` into a new leaf.
    fn split(&mut self, chosen: impl Fn(u32) -> bool) -> Self {
        let (mut rest, mut moved) = (Self::EMPTY, Self::EMPTY);
        for i in 0..self.len {
            let to = if chosen(self.tags[i]) { &mut moved } else { &mut rest };
            to.push(self.tags[i], self.rows[i]);
        }
        *self = rest;
        moved
    }

    fn append(&mut self, other: &Self) {
        for i in 0..other.len {
            self.push(other.tags[i], other.rows[i]);
        }
    }

    fn remove(&mut self, tag: u32, row: u64) {
        if let Some(i) = (0..self.len).find(|i| self.tags[*i] == tag && self.rows[*i] == row) {
            self.len -= 1;
            self.tags[i] = self.tags[self.len];
            self.rows[i] = self.rows[self.len];
        }
    }
}

fn insert(root: &mut Option<Node>, tag: u32, row: u64) {
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
fn remove(slot: &mut Option<Node>, shift: u32, tag: u32, row: u64) {
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
fn build(entries: &[(u32, u64)], shift: u32) -> Option<Node> {
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
fn count(node: Option<&Node>, shift: u32, low: u32, width: usize) -> Option<usize> {
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

#[cfg(test)]
#[path = "tests/hash_tree.rs"]
mod tests;
