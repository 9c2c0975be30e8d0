//! `Rank`: a sort key as a number that sorts alike.
use super::compare::float_key;
use crate::expr::OrderTerm;
use crate::value::{Cells, Vector};

/// Where a row stands by one sort key, as far as 64 bits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// 0 before, 1 among, 2 after the rows that have the key.
    group: u8,
    prefix: u64,
}

/// The ranks of the lanes of a sort key.
#[derive(Clone, Copy)]
pub(crate) struct Ranks<'v, 'a> {
    key: Option<&'v Vector<'a>>,
    rows: usize,
    descending: bool,
    absent: Rank,
}

impl Rank {
    /// The ranks of rows whose key is a lane each of `key`.
    pub(crate) fn of_lanes<'v, 'a>(key: &'v Vector<'a>, term: &OrderTerm) -> Ranks<'v, 'a> {
        Self::of_rows(Some((key, term)), key.len())
    }

    /// The ranks of so many rows; they are equal where there is no key.
    pub(super) fn of_rows<'v, 'a>(key: Option<(&'v Vector<'a>, &OrderTerm)>, rows: usize) -> Ranks<'v, 'a> {
        let group = if key.is_some_and(|(_, term)| term.puts_nulls_first()) { 0 } else { 2 };
        Ranks {
            rows,
            descending: key.is_some_and(|(_, term)| term.descending),
            absent: Self { group, prefix: 0 },
            key: key.map(|(key, _)| key),
        }
    }
}

impl<'v> Ranks<'v, '_> {
    /// The rank of one row.
    pub(crate) fn at(&self, i: usize) -> Rank {
        match self.key {
            Some(key) if !key.is_present(i) => self.absent,
            Some(key) => Rank { group: 1, prefix: prefix(key, i) ^ self.flip() },
            None => Rank { group: 1, prefix: 0 },
        }
    }

    /// The rank of each row.
    pub(crate) fn all(self) -> impl Iterator<Item = Rank> + 'v
    where
        Self: 'v,
    {
        (0..self.rows).map(move |i| self.at(i))
    }

    /// Whether rows of equal rank have equal keys.
    pub(crate) fn are_exact(&self) -> bool {
        self.key.is_none_or(is_exact)
    }

    /// Which rows come before the bound, or stand where it does if those are wanted.
    pub(crate) fn within(&self, bound: Rank, with_equal: bool) -> Vec<bool> {
        let flip = self.flip();
        let passes =
            |prefix: u64| prefix ^ flip < bound.prefix || with_equal && prefix ^ flip == bound.prefix;
        match self.key.filter(|key| bound.group == 1 && key.present.is_empty()).map(|key| &key.cells) {
            Some(Cells::Ints(lanes)) => lanes.iter().map(|lane| passes(signed(*lane))).collect(),
            Some(Cells::Floats(lanes)) => lanes.iter().map(|lane| passes(signed(float_key(*lane)))).collect(),
            _ => self.all().map(|rank| rank < bound || with_equal && rank == bound).collect(),
        }
    }

    fn flip(&self) -> u64 {
        if self.descending { u64::MAX } else { 0 }
    }
}

/// Whether the prefix is the whole key.
pub(super) fn is_exact(key: &Vector<'_>) -> bool {
    matches!(key.cells, Cells::Ints(_) | Cells::Floats(_) | Cells::Bools(_))
}

/// A number that sorts as the lane does; equal for lanes that 64 bits cannot tell apart.
fn prefix(key: &Vector<'_>, i: usize) -> u64 {
    match &key.cells {
        Cells::Ints(lanes) => signed(lanes[i]),
        Cells::Floats(lanes) => signed(float_key(lanes[i])),
        Cells::Bools(lanes) => u64::from(lanes[i]),
        Cells::Wides(lanes) => signed((lanes[i] >> 64) as i64),
        Cells::Texts(lanes) => first_bytes(lanes[i]),
        Cells::Built(lanes) => first_bytes(&lanes[i]),
        _ => 0,
    }
}

fn signed(i: i64) -> u64 {
    (i as u64) ^ (1 << 63)
}

fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let len = text.len().min(8);
    bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
    u64::from_be_bytes(bytes)
}
