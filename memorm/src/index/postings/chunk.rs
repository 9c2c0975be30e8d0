//! `Chunk`: up to 128 ids of one window, in a row.
use crate::link::{Link, own};

/// How many ids a chunk holds.
pub(super) const CHUNK: usize = 128;

#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// The high half of every id.
    pub(super) window: u32,
    /// The low halves, ascending.
    pub(super) ids: Vec<u32>,
}

pub(super) fn window(id: u64) -> u32 {
    (id >> 32) as u32
}

pub(super) fn base(window: u32) -> u64 {
    u64::from(window) << 32
}

impl Chunk {
    pub(super) fn one(id: u64) -> Link<Self> {
        let mut ids = Vec::with_capacity(capacity_for(1));
        ids.push(id as u32);
        Link::new(Self { window: window(id), ids })
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.window == window(id) && self.ids.binary_search(&(id as u32)).is_ok()
    }

    pub(super) fn has_room_for(&self, id: u64) -> bool {
        self.window == window(id) && self.ids.len() < CHUNK
    }

    pub(super) fn last(&self) -> Option<u64> {
        self.ids.last().map(|id| base(self.window) | u64::from(*id))
    }

    pub(super) fn extend_into(&self, out: &mut Vec<u64>) {
        let base = base(self.window);
        out.extend(self.ids.iter().map(|id| base | u64::from(*id)));
    }

    /// The ids, to be changed, with room for `more`.
    pub(super) fn make_room(chunk: &mut Link<Self>, more: usize) -> &mut Vec<u32> {
        let len = chunk.ids.len() + more;
        if Link::get_mut(chunk).is_none() {
            // `make_mut` would copy into a vector that is full, which grows at once
            let mut ids = Vec::with_capacity(capacity_for(len));
            ids.extend_from_slice(&chunk.ids);
            *chunk = Link::new(Self { window: chunk.window, ids });
        }
        let ids = &mut own(chunk).ids;
        if ids.capacity() < len {
            ids.reserve_exact(capacity_for(len) - ids.len());
        }
        ids
    }

    /// Adds an id of this window that is not in the chunk.
    pub(super) fn insert(chunk: &mut Link<Self>, id: u64) {
        let id = id as u32;
        let at = chunk.ids.partition_point(|other| *other < id);
        Self::make_room(chunk, 1).insert(at, id);
    }

    pub(super) fn remove(chunk: &mut Link<Self>, id: u64) {
        let ids = &mut own(chunk).ids;
        if let Ok(at) = ids.binary_search(&(id as u32)) {
            ids.remove(at);
        }
        let capacity = capacity_for(ids.len());
        if capacity < ids.capacity() / 2 {
            ids.shrink_to(capacity);
        }
    }

    /// Moves ids from the front of `ids`, which are above those of the chunk, behind them as far as there is room.
    pub(super) fn top_up<'i>(chunk: &mut Link<Self>, ids: &'i [u64]) -> &'i [u64] {
        let room = CHUNK - chunk.ids.len();
        let fitting = ids.iter().take(room).take_while(|id| window(**id) == chunk.window).count();
        let (fitting, rest) = ids.split_at(fitting);
        if !fitting.is_empty() {
            Self::make_room(chunk, fitting.len()).extend(fitting.iter().map(|id| *id as u32));
        }
        rest
    }
}

/// How many ids to make room for: some more than `len`, by little, since most chunks do not grow for long.
fn capacity_for(len: usize) -> usize {
    (len + len / 4 + 4).next_multiple_of(4).min(CHUNK).max(len)
}
