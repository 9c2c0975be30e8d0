//! Grouping: rows get the number of their group, and each aggregate keeps a column with a state for each group.
//!
//! ```text
//!   key vectors ──Groups──► numbers  0 1 0 2 …      in the order in which keys are first seen
//!                              │
//!   value vector ──────────────┴─► States           counts, sums: one loop a batch, no branch a row
//! ```
//!
//! Equal here as everywhere, but `None` equals `None`. One key that fits into a word is looked up by that word;
//! small numbers by their place in a list.
use super::aggregate::Accumulator;
use super::compare::float_key;
use crate::expr::{AggregateTerm, Function};
use crate::value::{Cell, Cells, Fault, Value, Vector, hash_cell};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

/// Keys below this are looked up in a list.
const SMALL: usize = 4_096;
/// No group yet.
const NONE: u32 = u32::MAX;

/// The groups that were seen, by their keys.
pub(crate) struct Groups {
    /// The groups' keys, a column for each part of the key.
    keys: Vec<Vec<Value>>,
    groups: usize,
    small: Vec<u32>,
    words: HashMap<i64, u32, FixedState>,
    null: u32,
    others: HashTable<(u64, u32)>,
}

impl Groups {
    /// No groups; a key has so many parts.
    pub(crate) fn new(parts: usize) -> Self {
        Self {
            keys: vec![Vec::new(); parts],
            groups: 0,
            small: Vec::new(),
            words: HashMap::default(),
            null: NONE,
            others: HashTable::new(),
        }
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.groups
    }

    /// Writes the group of each row into `numbers`.
    pub(crate) fn number(&mut self, keys: &[Vector<'_>], rows: usize, numbers: &mut Vec<u32>) {
        numbers.clear();
        match keys {
            [Vector { cells: Cells::Ints(lanes), present, .. }] if present.is_empty() => {
                numbers.extend(lanes.iter().map(|word| self.of_word(*word, || Value::Int(*word))));
            }
            [key] => numbers.extend((0..rows).map(|lane| self.of_cell(key, lane))),
            keys => numbers.extend((0..rows).map(|lane| self.of_cells(keys, lane))),
        }
    }

    #[inline]
    fn of_word(&mut self, word: i64, value: impl FnOnce() -> Value) -> u32 {
        let place = usize::try_from(word).ok().filter(|place| *place < SMALL);
        let known = match place {
            Some(place) => self.small.get(place).copied().filter(|group| *group != NONE),
            None => self.words.get(&word).copied(),
        };
        known.unwrap_or_else(|| self.add_word(word, place, value()))
    }

    #[cold]
    fn add_word(&mut self, word: i64, place: Option<usize>, value: Value) -> u32 {
        let group = self.add([value]);
        match place {
            Some(place) => {
                let room = self.small.len().max((place + 1).next_power_of_two());
                self.small.resize(room, NONE);
                self.small[place] = group;
            }
            None => {
                self.words.insert(word, group);
            }
        }
        group
    }

    fn of_cell(&mut self, key: &Vector<'_>, lane: usize) -> u32 {
        let cell = key.cell(lane);
        let word = match &cell {
            Cell::Null => {
                if self.null == NONE {
                    self.null = self.add([Value::Null]);
                }
                return self.null;
            }
            Cell::Bool(b) => Some(i64::from(*b)),
            Cell::Float(f) => Some(float_key(*f)),
            cell => cell.as_integer(),
        };
        match word {
            Some(word) => self.of_word(word, || cell.to_value()),
            None => self.of_cells(std::slice::from_ref(key), lane),
        }
    }

    /// Any key. A row of a known group allocates nothing.
    fn of_cells(&mut self, keys: &[Vector<'_>], lane: usize) -> u32 {
        let hash = keys.iter().fold(0, |hash, key| hash_cell(hash, &key.cell(lane)));
        let known = &self.keys;
        let is_same = |(other, group): &(u64, u32)| {
            *other == hash
                && keys.iter().zip(known).all(|(key, known)| known[*group as usize].cell() == key.cell(lane))
        };
        if let Some((_, group)) = self.others.find(hash, is_same) {
            return *group;
        }
        let group = self.add(keys.iter().map(|key| key.cell(lane).to_value()));
        self.others.insert_unique(hash, (hash, group), |(hash, _)| *hash);
        group
    }

    fn add(&mut self, key: impl IntoIterator<Item = Value>) -> u32 {
        self.keys.iter_mut().zip(key).for_each(|(column, value)| column.push(value));
        self.groups += 1;
        (self.groups - 1) as u32
    }

    /// The key of the first row of a group that was seen.
    pub(crate) fn key(&self, group: usize) -> Vec<Value> {
        self.keys.iter().map(|part| part[group].clone()).collect()
    }

    /// The keys of the groups, in the order in which they were seen.
    pub(crate) fn into_keys(self) -> Vec<Vec<Value>> {
        self.keys
    }
}

/// The states of one aggregate, one for each group.
pub(crate) struct States {
    function: Function,
    kind: Kind,
}

enum Kind {
    Counts(Vec<u64>),
    /// Sums of integers of 64 bits, and how many there were.
    Integers(Vec<(i128, u64)>),
    /// Sums of floats, and how many there were.
    Floats(Vec<(f64, u64)>),
    Any(Vec<Accumulator>),
    /// A sum before its first vector.
    Sum,
}

impl States {
    /// The states before the first row.
    pub(crate) fn new(term: &AggregateTerm) -> Self {
        let kind = match term.function {
            Function::Count | Function::CountOf => Kind::Counts(Vec::new()),
            Function::Sum | Function::Avg => Kind::Sum,
            _ => Kind::Any(Vec::new()),
        };
        Self { function: term.function, kind }
    }

    /// Counts rows, whatever they hold: all that `count()` needs.
    pub(crate) fn add_rows(&mut self, numbers: &[u32], groups: usize) {
        if let Kind::Counts(counts) = &mut self.kind {
            counts.resize(groups, 0);
            numbers.iter().for_each(|group| counts[*group as usize] += 1);
        }
    }

    /// Adds each lane of a vector to the state of its group, of `groups` that there are.
    ///
    /// # Errors
    /// The first lane that is at fault, or whose value makes its sum overflow.
    pub(crate) fn add(
        &mut self,
        vector: &Vector<'_>,
        numbers: &[u32],
        groups: usize,
    ) -> Result<(), (u32, Fault)> {
        let is_dense = vector.faults.is_empty() && vector.present.is_empty();
        if matches!(self.kind, Kind::Sum) {
            self.kind = match &vector.cells {
                Cells::Ints(_) if is_dense => Kind::Integers(Vec::new()),
                Cells::Floats(_) if is_dense => Kind::Floats(Vec::new()),
                _ => Kind::Any(Vec::new()),
            };
        }
        match (&mut self.kind, &vector.cells) {
            (Kind::Integers(sums), Cells::Ints(lanes)) if is_dense => {
                sums.resize(groups, (0, 0));
                for (value, group) in lanes.iter().zip(numbers) {
                    let sum = &mut sums[*group as usize];
                    // fewer than 2^64 values of 64 bits
                    *sum = (sum.0.wrapping_add(i128::from(*value)), sum.1 + 1);
                }
                return Ok(());
            }
            (Kind::Floats(sums), Cells::Floats(lanes)) if is_dense => {
                sums.resize(groups, (-0.0, 0));
                for (value, group) in lanes.iter().zip(numbers) {
                    let sum = &mut sums[*group as usize];
                    *sum = (sum.0 + value, sum.1 + 1);
                }
                return Ok(());
            }
            (Kind::Counts(counts), _) => {
                counts.resize(groups, 0);
                for (lane, group) in numbers.iter().enumerate() {
                    if let Some(fault) = vector.fault(lane) {
                        return Err((lane as u32, fault));
                    }
                    counts[*group as usize] += u64::from(!vector.cell(lane).is_null());
                }
                return Ok(());
            }
            _ => {}
        }
        let mut states = self.take_any(groups);
        let added = (numbers.iter().enumerate()).try_for_each(|(lane, group)| {
            states[*group as usize].add(vector, lane).map_err(|fault| (lane as u32, fault))
        });
        self.kind = Kind::Any(states);
        added
    }

    /// The states one by one, where a vector is not as those before it.
    fn take_any(&mut self, groups: usize) -> Vec<Accumulator> {
        let function = self.function;
        let mut states: Vec<Accumulator> = match &mut self.kind {
            Kind::Any(states) => std::mem::take(states),
            Kind::Integers(sums) => {
                sums.iter().map(|(sum, count)| Accumulator::of_integers(function, *sum, *count)).collect()
            }
            Kind::Floats(sums) => {
                sums.iter().map(|(sum, count)| Accumulator::of_floats(function, *sum, *count)).collect()
            }
            Kind::Counts(_) | Kind::Sum => Vec::new(),
        };
        states.resize_with(groups, || Accumulator::new(function));
        states
    }

    /// The result of each of `groups` groups.
    ///
    /// # Errors
    /// A quantile outside of `0.0..=1.0`.
    pub(crate) fn finish(mut self, groups: usize) -> Result<Vec<Value>, Fault> {
        if let Kind::Counts(mut counts) = self.kind {
            counts.resize(groups, 0);
            return Ok(counts.into_iter().map(|count| Value::Wide(i128::from(count))).collect());
        }
        self.take_any(groups).into_iter().map(Accumulator::finish).collect()
    }
}
