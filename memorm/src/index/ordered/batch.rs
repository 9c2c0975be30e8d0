//! `Batch`: many entries for an ordered index, put in at once.
//!
//! Sorting first makes neighbours in the tree neighbours in time, so that each node is fetched and copied once, and
//! lets the rows of a key be added as a run. An empty index is filled in an order that leaves its nodes nearly full.

use super::{Postings, encode};
use crate::link::OrdMap;
use crate::value::{Cell, Kind, Value};
use equivalent::Comparable;
use std::sync::Arc;

/// Entries for an [`OrderedIndex`](super::OrderedIndex), which makes it (`batch`) and takes it (`extend`).
///
/// Text is borrowed from the rows until then.
#[derive(Debug)]
pub struct Batch<'a> {
    pub(super) entries: Entries<'a>,
    pub(super) nulls: Vec<u64>,
}

#[derive(Debug)]
pub(super) enum Entries<'a> {
    Narrow(Kind, Vec<(i64, u64)>),
    Wide(Kind, Vec<(i128, u64)>),
    Text(Vec<(&'a str, u64)>),
    General(usize, Vec<(Arc<[Value]>, u64)>),
}

impl<'a> Batch<'a> {
    /// Makes room for `rows` more.
    pub fn reserve(&mut self, rows: usize) {
        match &mut self.entries {
            Entries::Narrow(_, entries) => entries.reserve(rows),
            Entries::Wide(_, entries) => entries.reserve(rows),
            Entries::Text(entries) => entries.reserve(rows),
            Entries::General(_, entries) => entries.reserve(rows),
        }
    }

    /// Adds a row under its key, in any order.
    pub fn push(&mut self, key: &[Cell<'a>], row: u64) {
        let is_null = || key.iter().any(Cell::is_null);
        match (&mut self.entries, key) {
            (Entries::Narrow(kind, entries), [cell]) => match encode::narrow(*kind, cell).key() {
                Some(key) => entries.push((key, row)),
                None => self.nulls.push(row),
            },
            (Entries::Wide(kind, entries), [cell]) => match encode::wide(*kind, cell).key() {
                Some(key) => entries.push((key, row)),
                None => self.nulls.push(row),
            },
            (Entries::Text(entries), [Cell::Text(text)]) => entries.push((text, row)),
            (Entries::General(columns, entries), key) if *columns > 1 || !is_null() => {
                entries.push((key.iter().map(Cell::to_value).collect(), row));
            }
            _ => self.nulls.push(row),
        }
    }
}

/// How many keys an empty map is given at a time, and how many of them at first.
///
/// A node of the map holds 16 keys; appending splits it in two of 8 and never returns to the first. So 8 of each 14
/// keys are appended, and the other 6 follow into the nodes that these made. This is about memory only: with other
/// nodes the map is as correct, and less full.
const STRIDE: usize = 14;
const APPENDED: usize = 8;

/// Puts entries into a map; returns how many were new. `look` and `own` turn the key of an entry into one to look
/// up and one to keep.
pub(super) fn pour<E, K, Q>(
    map: &mut OrdMap<K, Postings>,
    mut entries: Vec<(E, u64)>,
    look: impl Fn(&E) -> &Q,
    own: impl Fn(&E) -> K,
) -> usize
where
    E: Ord,
    K: Ord + Clone,
    Q: Comparable<K> + ?Sized,
{
    entries.sort_unstable();
    entries.dedup();
    let groups = || entries.chunk_by(|a, b| a.0 == b.0);
    let mut rows = Vec::new();
    if map.is_empty() {
        let is_appended = |i: usize| i % STRIDE < APPENDED;
        for pass in [true, false] {
            for (_, group) in groups().enumerate().filter(|(i, _)| is_appended(*i) == pass) {
                map.insert(own(&group[0].0), Postings::from_sorted(rows_of(group, &mut rows)));
            }
        }
        return entries.len();
    }
    let mut added = 0;
    for group in groups() {
        let (key, rows) = (&group[0].0, rows_of(group, &mut rows));
        match map.get_mut(look(key)) {
            Some(postings) => added += postings.extend_sorted(rows),
            None => {
                map.insert(own(key), Postings::from_sorted(rows));
                added += rows.len();
            }
        }
    }
    added
}

/// The rows of entries, in a vector that is used again.
fn rows_of<'r, E>(entries: &[(E, u64)], rows: &'r mut Vec<u64>) -> &'r [u64] {
    rows.clear();
    rows.extend(entries.iter().map(|(_, row)| *row));
    rows
}
