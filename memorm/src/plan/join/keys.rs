//! `Groups`: right rows by key.
//!
//! ```text
//!   key ──► group ──► starts[group]..starts[group + 1] ──► rows, in row order
//! ```
//!
//! Keys that are integers lie in a table without holes where they are dense, as keys that count up are, else in a hash
//! map; text in a map of its own; anything else, and several columns, as lists of values.
use crate::table::Block;
use crate::value::{Cell, Cells, Value, Vector};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Right rows, grouped by key. A row with a `None` in its key is in no group.
pub(super) struct Groups<'w> {
    keys: Keys,
    starts: Vec<u32>,
    rows: Vec<Block<'w>>,
}

enum Keys {
    /// The group of each key from the first on; `NONE` for keys that no row has.
    Dense(i64, Vec<u32>),
    Integers(HashMap<i64, u32, FixedState>),
    Texts(HashMap<String, u32, FixedState>),
    Values(HashMap<Vec<Value>, u32, FixedState>),
}

const NONE: u32 = u32::MAX;

impl<'w> Groups<'w> {
    /// Groups rows by their keys, which have a vector for each column.
    pub(super) fn new(rows: Vec<Block<'w>>, keys: &[Vector<'_>]) -> Self {
        let mut count = 0;
        let (keys, group_of) = Keys::of(keys, rows.len(), &mut count);
        let mut starts = vec![0_u32; count as usize + 1];
        for group in group_of.iter().filter(|group| **group != NONE) {
            starts[*group as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; starts.last().map_or(0, |end| *end as usize)];
        for (lane, group) in group_of.iter().enumerate().filter(|(_, group)| **group != NONE) {
            let place = &mut next[*group as usize];
            order[*place as usize] = lane as u32;
            *place += 1;
        }
        let rows = order.into_iter().map(|lane| rows[lane as usize]).collect();
        Self { keys, starts, rows }
    }

    /// How many different keys there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// A row of each key.
    pub(super) fn one_of_each(&self) -> Vec<Block<'w>> {
        self.starts[..self.len()].iter().map(|start| self.rows[*start as usize]).collect()
    }

    /// The rows whose key is that of a left lane.
    pub(super) fn find(&self, keys: &[Vector<'_>], lane: usize) -> &[Block<'w>] {
        match self.keys.find(keys, lane) {
            NONE => &[],
            group => {
                let at = group as usize;
                &self.rows[self.starts[at] as usize..self.starts[at + 1] as usize]
            }
        }
    }
}

impl Keys {
    /// The keys, and the group of each lane.
    fn of(vectors: &[Vector<'_>], lanes: usize, count: &mut u32) -> (Self, Vec<u32>) {
        if let [keys] = vectors {
            let is_integer = matches!(keys.cells, Cells::Ints(_) | Cells::Wides(_));
            if is_integer && let Some(found) = Self::integers(keys, lanes, count) {
                return found;
            }
            if matches!(keys.cells, Cells::Texts(_)) {
                return Self::texts(keys, lanes, count);
            }
        }
        let mut map = HashMap::default();
        let group = |lane| match values(vectors, lane) {
            Some(key) => *map.entry(key).or_insert_with(|| take_next(count)),
            None => NONE,
        };
        let groups = (0..lanes).map(group).collect();
        (Self::Values(map), groups)
    }

    /// `None` where a key does not fit into 64 bits.
    fn integers(keys: &Vector<'_>, lanes: usize, count: &mut u32) -> Option<(Self, Vec<u32>)> {
        let mut all = Vec::with_capacity(lanes);
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for lane in 0..lanes {
            let key = if keys.is_present(lane) { Some(integer(keys, lane)?) } else { None };
            all.push(key);
            if let Some(key) = key {
                (low, high) = (low.min(key), high.max(key));
            }
        }
        let span = i128::from(high) - i128::from(low) + 1;
        if span > 4 * lanes as i128 + 64 {
            let mut map: HashMap<i64, u32, FixedState> = HashMap::default();
            let group = |key: Option<i64>| {
                key.map_or(NONE, |key| *map.entry(key).or_insert_with(|| take_next(count)))
            };
            let groups = all.into_iter().map(group).collect();
            return Some((Self::Integers(map), groups));
        }
        let mut table = vec![NONE; span.max(0) as usize];
        let group = |key: Option<i64>| {
            let Some(key) = key else { return NONE };
            let place = &mut table[(key - low) as usize];
            if *place == NONE {
                *place = take_next(count);
            }
            *place
        };
        let groups = all.into_iter().map(group).collect();
        Some((Self::Dense(low, table), groups))
    }

    fn texts(keys: &Vector<'_>, lanes: usize, count: &mut u32) -> (Self, Vec<u32>) {
        let mut map: HashMap<String, u32, FixedState> = HashMap::default();
        let mut groups = Vec::with_capacity(lanes);
        for lane in 0..lanes {
            groups.push(match keys.cell(lane) {
                Cell::Text(text) => *map.entry_ref(text).or_insert_with(|| take_next(count)),
                _ => NONE,
            });
        }
        (Self::Texts(map), groups)
    }

    #[inline]
    fn find(&self, keys: &[Vector<'_>], lane: usize) -> u32 {
        let found = match (self, keys) {
            (Self::Dense(low, table), [key]) => present(key, lane)
                .and_then(|key| key.checked_sub(*low))
                .and_then(|at| table.get(usize::try_from(at).ok()?)),
            (Self::Integers(map), [key]) => present(key, lane).and_then(|key| map.get(&key)),
            (Self::Texts(map), [key]) => match key.cell(lane) {
                Cell::Text(text) => map.get(text),
                _ => None,
            },
            (Self::Values(map), keys) => values(keys, lane).and_then(|key| map.get(&key)),
            _ => None,
        };
        found.copied().unwrap_or(NONE)
    }
}

fn take_next(count: &mut u32) -> u32 {
    *count += 1;
    *count - 1
}

#[inline]
fn present(key: &Vector<'_>, lane: usize) -> Option<i64> {
    if key.is_present(lane) { integer(key, lane) } else { None }
}

#[inline]
fn integer(key: &Vector<'_>, lane: usize) -> Option<i64> {
    match &key.cells {
        Cells::Ints(lanes) => Some(lanes[lane]),
        Cells::Wides(lanes) => i64::try_from(lanes[lane]).ok(),
        _ => key.cell(lane).as_integer(),
    }
}

/// The key of a lane; `None` where a part is.
fn values(keys: &[Vector<'_>], lane: usize) -> Option<Vec<Value>> {
    let part = |key: &Vector<'_>| Some(key.cell(lane).to_value()).filter(|value| !value.is_null());
    keys.iter().map(part).collect()
}
