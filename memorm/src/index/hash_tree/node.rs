//! The nodes of a `HashTree`, each for itself: finding, splitting, putting together.
use crate::link::{Link, own};

/// How many digits a branch tells apart.
pub(super) const DIGITS: usize = 16;
/// Bits of a digit.
pub(super) const BITS: u32 = 4;
/// How many rows a leaf holds.
pub(super) const SLOTS: usize = 32;
/// Two halves are put together when they have this many rows. Less than `SLOTS`, or a row that comes and goes would
/// split and merge each time.
pub(super) const MERGED: usize = 16;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Branch(Link<Branch>),
    Leaf(Link<Leaf>),
    /// Rows of one tag.
    Long(Link<Vec<u64>>),
}

#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) starts: u16,
    pub(super) children: [Option<Node>; DIGITS],
}

#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) len: usize,
    pub(super) tags: [u32; SLOTS],
    pub(super) rows: [u64; SLOTS],
}

#[inline]
pub(super) fn digit(tag: u32, shift: u32) -> usize {
    (tag >> shift) as usize & (DIGITS - 1)
}

impl Branch {
    /// A branch whose digits are all served by one leaf.
    pub(super) fn around(leaf: Link<Leaf>) -> Self {
        let mut children = [const { None }; DIGITS];
        children[0] = Some(Node::Leaf(leaf));
        Self { starts: 1, children }
    }

    /// The first digit of the child that serves `digit`.
    #[inline]
    pub(super) fn start(&self, digit: usize) -> usize {
        let starts = self.starts & (u16::MAX >> (DIGITS - 1 - digit));
        (u16::BITS - 1).saturating_sub(starts.leading_zeros()) as usize
    }

    /// How many digits the child that starts at `start` serves.
    pub(super) fn width(&self, start: usize) -> usize {
        let after = u32::from(self.starts) >> start >> 1;
        if after == 0 { DIGITS - start } else { after.trailing_zeros() as usize + 1 }
    }

    /// Splits the child at `start` into two halves if it is a full leaf of two digits or more.
    pub(super) fn split_if_full(&mut self, start: usize, shift: u32) -> bool {
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
    pub(super) fn merge(&mut self, mut start: usize) {
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
    pub(super) const EMPTY: Self = Self { len: 0, tags: [0; SLOTS], rows: [0; SLOTS] };

    /// The slots with this tag, one bit each.
    #[inline]
    pub(super) fn matches(&self, tag: u32) -> u32 {
        // over all slots and without a branch, so that it becomes a few vector instructions
        let mask =
            self.tags.iter().enumerate().fold(0, |mask, (i, other)| mask | u32::from(*other == tag) << i);
        mask & ((1_u64 << self.len) - 1) as u32
    }

    pub(super) fn push(&mut self, tag: u32, row: u64) {
        self.tags[self.len] = tag;
        self.rows[self.len] = row;
        self.len += 1;
    }

    /// Moves the rows whose tag is `chosen` into a new leaf.
    pub(super) fn split(&mut self, chosen: impl Fn(u32) -> bool) -> Self {
        let (mut rest, mut moved) = (Self::EMPTY, Self::EMPTY);
        for i in 0..self.len {
            let to = if chosen(self.tags[i]) { &mut moved } else { &mut rest };
            to.push(self.tags[i], self.rows[i]);
        }
        *self = rest;
        moved
    }

    pub(super) fn append(&mut self, other: &Self) {
        for i in 0..other.len {
            self.push(other.tags[i], other.rows[i]);
        }
    }

    pub(super) fn remove(&mut self, tag: u32, row: u64) {
        if let Some(i) = (0..self.len).find(|i| self.tags[*i] == tag && self.rows[*i] == row) {
            self.len -= 1;
            self.tags[i] = self.tags[self.len];
            self.rows[i] = self.rows[self.len];
        }
    }
}
