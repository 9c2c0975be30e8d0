//! `KeySet`: keys to be found again, hashed.
use super::{Cell, Value, hash_cells};
use hashbrown::HashTable;
use std::fmt;

/// Printed keys; the rest is counted.
const SHOWN: usize = 10;

/// Keys of one or more columns, each once, in the order in which they came: what a question inside of an expression
/// turns into before a run.
///
/// A key with a `Null` in it is not kept, since it equals nothing; the set knows that there was one.
#[derive(Clone, Debug)]
pub struct KeySet {
    arity: usize,
    /// Key after key.
    values: Vec<Value>,
    /// The hash of each key and its place.
    places: HashTable<(u64, u32)>,
    had_null: bool,
}

impl KeySet {
    /// A set of keys of so many columns.
    pub(crate) fn new(arity: usize) -> Self {
        Self { arity, values: Vec::new(), places: HashTable::new(), had_null: false }
    }

    /// Adds a key; `false` where it is in the set already or holds a `Null`.
    pub(crate) fn insert(&mut self, key: &[Cell<'_>]) -> bool {
        if key.iter().any(Cell::is_null) {
            self.had_null = true;
            return false;
        }
        let hash = hash_cells(key);
        if self.find(hash, key).is_some() {
            return false;
        }
        let place = self.len() as u32;
        self.values.extend(key.iter().map(Cell::to_value));
        self.places.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        true
    }

    /// The place of a key among the others, in the order in which they came.
    pub(crate) fn place(&self, key: &[Cell<'_>]) -> Option<usize> {
        self.find(hash_cells(key), key)
    }

    fn find(&self, hash: u64, key: &[Cell<'_>]) -> Option<usize> {
        let is_it = |(other, place): &(u64, u32)| {
            *other == hash
                && self.key(*place as usize).iter().zip(key).all(|(mine, cell)| mine.cell() == *cell)
        };
        self.places.find(hash, is_it).map(|(_, place)| *place as usize)
    }

    fn key(&self, place: usize) -> &[Value] {
        &self.values[place * self.arity..(place + 1) * self.arity]
    }

    /// The keys, in the order in which they came.
    pub(crate) fn keys(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.values.chunks_exact(self.arity.max(1))
    }

    /// Returns how many columns a key has.
    pub fn arity(&self) -> usize {
        self.arity
    }

    /// Returns the parts of all keys, key after key.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Tells whether a key with a `Null` in it was left out.
    pub fn had_null(&self) -> bool {
        self.had_null
    }

    /// Counts the keys.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, key) in self.keys().take(SHOWN).enumerate() {
            let cells: Vec<Cell<'_>> = key.iter().map(Value::cell).collect();
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, super::show_key(&cells))?;
        }
        if self.len() > SHOWN {
            write!(f, ", and {} more", self.len() - SHOWN)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_once_in_the_order_of_arrival() {
        let mut set = KeySet::new(2);
        for (a, b, is_new) in [(2, "x", true), (1, "y", true), (2, "x", false), (2, "y", true)] {
            assert_eq!(set.insert(&[Cell::Int(a), Cell::Text(b)]), is_new);
        }
        assert_eq!(set.len(), 3);
        assert_eq!(set.place(&[Cell::Wide(1), Cell::Text("y")]), Some(1), "equal across integer kinds");
        assert_eq!(set.place(&[Cell::Int(1), Cell::Text("x")]), None);
        assert_eq!(set.to_string(), r#"((2, "x"), (1, "y"), (2, "y"))"#);
    }

    #[test]
    fn a_key_with_a_null_is_remembered_and_not_kept() {
        let mut set = KeySet::new(1);
        assert!(!set.insert(&[Cell::Null]));
        assert!(set.is_empty() && set.had_null());
        assert_eq!(set.place(&[Cell::Null]), None);
    }
}
