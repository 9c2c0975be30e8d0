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

mod node;
mod write;

use node::{BITS, Branch, DIGITS, Leaf, Node, SLOTS, digit};
use write::{build, count, insert, remove};

/// A persistent multimap from hashes to row ids.
///
/// `clone` copies a pointer. `insert`, `remove` and `find` are `O(log n)` while hashes differ.
#[derive(Clone, Debug, Default)]
pub struct HashTree {
    root: Option<Node>,
    len: usize,
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

#[cfg(test)]
mod tests;
