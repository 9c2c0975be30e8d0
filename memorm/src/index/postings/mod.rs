//! `Postings`: the row ids of one key, ascending.
//!
//! ```text
//!   few    1 2 3                                in place: a unique key allocates nothing
//!   run    ► 17 80 81 95 …                      one chunk
//!   tree   ► 0 ──► 17 80 81 …                   chunks by the lowest id that they may hold
//!            902 ► 905 911 …
//! ```
//!
//! A chunk holds up to 128 ids of one *window*, a range of 2^32 ids, by their low halves: 4 bytes an id, and a walk
//! reads them in a row. A change to a shared version copies one chunk and the path to it.
//!
//! Ids are given in ascending order, so most of them are appended: a full chunk at the end is left full and a new
//! one is begun, while a full chunk in the middle is split in half.
//!
//! Invariants:
//! - Ids ascend, inside a chunk and from chunk to chunk; no chunk is empty.
//! - The key of a chunk in a tree is in the window of its ids, and at most its first id. The next key is above its
//!   last id.
//! - Few ids are all below 2^32. A tree has at least two chunks.

mod chunk;
mod tree;

use crate::link::{Link, OrdMap, Ranged, own};
use chunk::{CHUNK, Chunk, base};
use tree::Tree;

/// How many ids are kept in place.
const FEW: usize = 3;

/// The row ids of one key: a persistent sorted set.
///
/// 16 bytes, and nothing on the heap up to three ids. `clone` copies a pointer.
#[derive(Clone, Debug, Default)]
pub struct Postings(Shape);

#[derive(Clone, Debug)]
enum Shape {
    Few { len: u8, ids: [u32; FEW] },
    Run(Link<Chunk>),
    Tree(Link<Tree>),
}

/// The row ids of one key, ascending.
#[derive(Debug)]
pub struct PostingsIter<'a> {
    base: u64,
    ids: std::slice::Iter<'a, u32>,
    /// Boxed, since few postings are trees and the iterator of a map is large.
    rest: Option<Box<Chunks<'a>>>,
}

type Chunks<'a> = Ranged<'a, u64, Link<Chunk>>;

impl Postings {
    /// The postings of a key that one row has.
    #[inline]
    pub fn one(id: u64) -> Self {
        match u32::try_from(id) {
            Ok(id) => Self(Shape::Few { len: 1, ids: [id, 0, 0] }),
            Err(_) => Self(Shape::Run(Chunk::one(id))),
        }
    }

    /// The postings of ascending ids, without duplicates.
    pub fn from_sorted(ids: &[u64]) -> Self {
        let mut postings = Self::default();
        postings.extend_sorted(ids);
        postings
    }

    /// Bytes on the heap of that many postings with so many ids together, if all are alike.
    pub(super) fn bytes_of(postings: usize, ids: usize) -> usize {
        if ids <= postings.saturating_mul(FEW) {
            return 0;
        }
        let chunks = (ids / CHUNK).max(postings);
        ids * size_of::<u32>() * 5 / 4 + chunks * (size_of::<Chunk>() + size_of::<usize>())
    }

    /// How many ids there are.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Shape::Few { len, .. } => usize::from(*len),
            Shape::Run(chunk) => chunk.ids.len(),
            Shape::Tree(tree) => tree.len,
        }
    }

    /// Whether there is no id.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether `id` is among the ids.
    pub fn contains(&self, id: u64) -> bool {
        match &self.0 {
            Shape::Few { len, ids } => ids[..usize::from(*len)].iter().any(|other| u64::from(*other) == id),
            Shape::Run(chunk) => chunk.contains(id),
            Shape::Tree(tree) => tree.chunks.get_prev(&id).is_some_and(|(_, chunk)| chunk.contains(id)),
        }
    }

    /// Adds an id; false when it is there already.
    pub fn insert(&mut self, id: u64) -> bool {
        if let Shape::Few { len, ids } = &mut self.0 {
            let used = usize::from(*len);
            match u32::try_from(id) {
                Ok(id) if ids[..used].contains(&id) => return false,
                Ok(id) if used < FEW => {
                    ids[used] = id;
                    ids[..=used].sort_unstable();
                    *len += 1;
                    return true;
                }
                _ if used == 0 => {
                    *self = Self::one(id);
                    return true;
                }
                _ => self.0 = Shape::Run(Link::new(Chunk { window: 0, ids: ids[..used].to_vec() })),
            }
        }
        if let Shape::Run(chunk) = &mut self.0 {
            if chunk.contains(id) {
                return false;
            }
            if chunk.has_room_for(id) {
                Chunk::insert(chunk, id);
                return true;
            }
            // the chunk moves: held twice, it would be copied by the insertion
            let Shape::Run(chunk) = std::mem::take(&mut self.0) else { return false };
            let tree = Tree { len: chunk.ids.len(), chunks: OrdMap::unit(base(chunk.window), chunk) };
            self.0 = Shape::Tree(Link::new(tree));
        }
        match &mut self.0 {
            Shape::Tree(tree) => own(tree).insert(id),
            _ => false,
        }
    }

    /// Removes an id; false when it is not there.
    pub fn remove(&mut self, id: u64) -> bool {
        match &mut self.0 {
            Shape::Few { len, ids } => {
                let used = usize::from(*len);
                let Some(at) = ids[..used].iter().position(|other| u64::from(*other) == id) else {
                    return false;
                };
                ids.copy_within(at + 1..used, at);
                *len -= 1;
            }
            Shape::Run(chunk) => {
                if !chunk.contains(id) {
                    return false;
                }
                Chunk::remove(chunk, id);
            }
            Shape::Tree(tree) => {
                if !own(tree).remove(id) {
                    return false;
                }
            }
        }
        self.shrink();
        true
    }

    /// Adds ascending ids, without duplicates among them; returns how many were new.
    ///
    /// Ids above all that are there, as those of new rows are, are added by the chunk.
    pub fn extend_sorted(&mut self, mut ids: &[u64]) -> usize {
        let before = self.len();
        while let Some((first, rest)) = ids.split_first() {
            self.insert(*first);
            ids = self.top_up(rest);
        }
        self.len() - before
    }

    /// The greatest id.
    pub fn last(&self) -> Option<u64> {
        match &self.0 {
            Shape::Few { len, ids } => ids[..usize::from(*len)].last().map(|id| u64::from(*id)),
            Shape::Run(chunk) => chunk.last(),
            Shape::Tree(tree) => tree.chunks.get_max()?.1.last(),
        }
    }

    /// The ids, ascending.
    #[inline]
    pub fn iter(&self) -> PostingsIter<'_> {
        match &self.0 {
            Shape::Few { len, ids } => {
                PostingsIter { base: 0, ids: ids[..usize::from(*len)].iter(), rest: None }
            }
            Shape::Run(chunk) => PostingsIter { base: base(chunk.window), ids: chunk.ids.iter(), rest: None },
            Shape::Tree(tree) => PostingsIter {
                base: 0,
                ids: [].iter(),
                rest: Some(Box::new(tree.chunks.range::<_, u64>(..))),
            },
        }
    }

    /// Appends the ids to `out`, ascending: the fastest way to read them all.
    #[inline]
    pub fn extend_into(&self, out: &mut Vec<u64>) {
        match &self.0 {
            Shape::Few { len: 1, ids: [id, ..] } => out.push(u64::from(*id)),
            _ => self.extend_more_into(out),
        }
    }

    #[inline(never)]
    fn extend_more_into(&self, out: &mut Vec<u64>) {
        match &self.0 {
            Shape::Few { len, ids } => out.extend(ids[..usize::from(*len)].iter().map(|id| u64::from(*id))),
            Shape::Run(chunk) => chunk.extend_into(out),
            Shape::Tree(tree) => {
                out.reserve(tree.len);
                tree.chunks.values().for_each(|chunk| chunk.extend_into(out));
            }
        }
    }

    /// Whether the invariants hold. Reads all ids.
    pub fn is_consistent(&self) -> bool {
        let is_ascending = || self.iter().zip(self.iter().skip(1)).all(|(a, b)| a < b);
        let is_sized = || self.iter().count() == self.len();
        let is_shaped = match &self.0 {
            Shape::Few { len, .. } => usize::from(*len) <= FEW,
            Shape::Run(chunk) => (1..=CHUNK).contains(&chunk.ids.len()),
            Shape::Tree(tree) => tree.chunks.len() > 1 && tree.is_keyed(),
        };
        is_shaped && is_sized() && is_ascending()
    }

    /// The smallest shape for the ids that are left.
    fn shrink(&mut self) {
        let chunk = match &self.0 {
            Shape::Few { .. } => return,
            Shape::Run(chunk) => chunk,
            Shape::Tree(tree) => match tree.chunks.get_min() {
                Some((_, chunk)) if tree.chunks.len() == 1 => chunk,
                _ => return,
            },
        };
        // one less than fits: a row that comes and goes must not allocate each time
        self.0 = match chunk.ids[..] {
            [] => Shape::default(),
            [..] if chunk.window != 0 || chunk.ids.len() >= FEW => Shape::Run(chunk.clone()),
            [a] => Shape::Few { len: 1, ids: [a, 0, 0] },
            [a, b, ..] => Shape::Few { len: 2, ids: [a, b, 0] },
        };
    }

    /// Moves ids from the front of `ids` into the last chunk, if they are above it, as far as it has room.
    fn top_up<'i>(&mut self, ids: &'i [u64]) -> &'i [u64] {
        match ids.first() {
            Some(first) if self.last().is_some_and(|last| last < *first) => {}
            _ => return ids,
        }
        match &mut self.0 {
            Shape::Few { .. } => ids,
            Shape::Run(chunk) => Chunk::top_up(chunk, ids),
            Shape::Tree(tree) => {
                let tree = own(tree);
                let Some(key) = tree.chunks.get_max().map(|(key, _)| *key) else { return ids };
                let Some(chunk) = tree.chunks.get_mut(&key) else { return ids };
                let rest = Chunk::top_up(chunk, ids);
                tree.len += ids.len() - rest.len();
                rest
            }
        }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::Few { len: 0, ids: [0; FEW] }
    }
}

impl<'a> IntoIterator for &'a Postings {
    type Item = u64;
    type IntoIter = PostingsIter<'a>;

    fn into_iter(self) -> PostingsIter<'a> {
        self.iter()
    }
}

impl Iterator for PostingsIter<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        loop {
            if let Some(id) = self.ids.next() {
                return Some(self.base | u64::from(*id));
            }
            let (_, chunk) = self.rest.as_mut()?.next()?;
            self.base = base(chunk.window);
            self.ids = chunk.ids.iter();
        }
    }
}

#[cfg(test)]
mod tests;
