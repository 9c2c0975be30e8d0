//! `Tree`: chunks by the lowest id that they may hold.
use super::chunk::{CHUNK, Chunk, base, window};
use crate::link::{Link, OrdMap, own};

/// A chunk of fewer ids joins a neighbour,
const SMALL: usize = 32;
/// if they have this many together. Less than `CHUNK`, so that the next insertion does not split it again.
const JOINED: usize = 96;

#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) len: usize,
    pub(super) chunks: OrdMap<u64, Link<Chunk>>,
}

impl Tree {
    pub(super) fn insert(&mut self, id: u64) -> bool {
        let found = self.chunks.get_prev(&id).filter(|(key, _)| window(**key) == window(id));
        let Some((key, chunk)) = found else {
            self.chunks.insert(base(window(id)), Chunk::one(id));
            self.len += 1;
            return true;
        };
        if chunk.contains(id) {
            return false;
        }
        self.len += 1;
        if chunk.ids.len() == CHUNK && chunk.last() < Some(id) {
            self.chunks.insert(id, Chunk::one(id));
            return true;
        }
        let key = *key;
        let Some(chunk) = self.chunks.get_mut(&key) else { return false };
        if chunk.has_room_for(id) {
            Chunk::insert(chunk, id);
            return true;
        }
        let window = chunk.window;
        let mut upper = Link::new(Chunk { window, ids: own(chunk).ids.split_off(CHUNK / 2) });
        let middle = base(window) | u64::from(upper.ids[0]);
        Chunk::insert(if id < middle { chunk } else { &mut upper }, id);
        self.chunks.insert(middle, upper);
        true
    }

    pub(super) fn remove(&mut self, id: u64) -> bool {
        let found = self.chunks.get_prev(&id).filter(|(_, chunk)| chunk.contains(id));
        let Some((key, chunk)) = found else { return false };
        let (key, left) = (*key, chunk.ids.len() - 1);
        self.len -= 1;
        if left == 0 {
            self.chunks.remove(&key);
            return true;
        }
        if let Some(chunk) = self.chunks.get_mut(&key) {
            Chunk::remove(chunk, id);
        }
        if left < SMALL {
            self.join(key, left);
        }
        true
    }

    /// Puts the chunk at `key`, which has `len` ids, together with a neighbour, if one is small enough.
    pub(super) fn join(&mut self, key: u64, len: usize) {
        let is_fitting = |(other, chunk): &(&u64, &Link<Chunk>)| {
            window(**other) == window(key) && chunk.ids.len() + len <= JOINED
        };
        let next = key.checked_add(1).and_then(|above| self.chunks.get_next(&above)).filter(is_fitting);
        let previous = key.checked_sub(1).and_then(|below| self.chunks.get_prev(&below)).filter(is_fitting);
        let (low, high) = match (next, previous) {
            (Some((next, _)), _) => (key, *next),
            (None, Some((previous, _))) => (*previous, key),
            (None, None) => return,
        };
        let Some(upper) = self.chunks.remove(&high) else { return };
        if let Some(lower) = self.chunks.get_mut(&low) {
            Chunk::make_room(lower, upper.ids.len()).extend_from_slice(&upper.ids);
        }
    }

    /// Whether each chunk lies between its key and the next one.
    pub(super) fn is_keyed(&self) -> bool {
        let ends = self.chunks.keys().skip(1).map(|key| Some(*key)).chain([None]);
        self.chunks.iter().zip(ends).all(|((key, chunk), end)| {
            let ids = &chunk.ids;
            let first = ids.first().map(|id| base(chunk.window) | u64::from(*id));
            (1..=CHUNK).contains(&ids.len())
                && window(*key) == chunk.window
                && Some(*key) <= first
                && end.is_none_or(|end| chunk.last() < Some(end))
        })
    }
}
