//! Sorting: positions of rows, by vectors of keys.
//!
//! The first key becomes a number that sorts alike, so that most comparisons touch no vector; only ties look at the
//! keys themselves. Equal rows keep their order, under `desc` too.
use super::compare::float_key;
use super::lanes::View;
use super::rank::{Rank, is_exact};
use crate::expr::OrderTerm;
use crate::value::{Cells, Vector};
use std::cmp::Ordering;

/// The positions of all `rows` rows in the order of the terms, or of the first `keep`. `keys` has a vector for each
/// term.
pub(crate) fn sort_lanes(
    keys: &[Vector<'_>],
    order: &[OrderTerm],
    rows: usize,
    keep: Option<usize>,
) -> Vec<u32> {
    let sorter = Sorter { keys, terms: order };
    let mut entries = match keep.filter(|keep| *keep < rows) {
        Some(keep) => sorter.smallest(rows, keep),
        None => sorter.entries(rows).collect(),
    };
    sorter.sort(&mut entries);
    entries.truncate(keep.unwrap_or(rows));
    entries.into_iter().map(|entry| entry.position).collect()
}

/// So many rows are sorted on all cores.
#[cfg(feature = "rayon")]
const TOGETHER: usize = 8_192;

/// A row while it is sorted.
#[derive(Clone, Copy)]
struct Entry {
    /// By the first key.
    rank: Rank,
    position: u32,
}

struct Sorter<'v, 'a> {
    keys: &'v [Vector<'a>],
    terms: &'v [OrderTerm],
}

impl Sorter<'_, '_> {
    /// No two entries are equal, so that the order does not depend on how it comes about.
    fn sort(&self, entries: &mut [Entry]) {
        #[cfg(feature = "rayon")]
        if entries.len() >= TOGETHER {
            return rayon::slice::ParallelSliceMut::par_sort_unstable_by(entries, |a, b| self.compare(a, b));
        }
        entries.sort_unstable_by(|a, b| self.compare(a, b));
    }

    /// The `keep` smallest entries and some others, in little more memory than they need.
    fn smallest(&self, rows: usize, keep: usize) -> Vec<Entry> {
        let Some(last) = keep.checked_sub(1) else { return Vec::new() };
        let room = keep.saturating_mul(2).max(1_024);
        let mut best: Vec<Entry> = Vec::new();
        let mut worst = None;
        for entry in self.entries(rows) {
            if worst.as_ref().is_some_and(|worst| self.compare(&entry, worst).is_gt()) {
                continue;
            }
            best.push(entry);
            if best.len() >= room {
                best.select_nth_unstable_by(last, |a, b| self.compare(a, b));
                best.truncate(keep);
                worst = best.last().copied();
            }
        }
        best
    }

    fn entries(&self, rows: usize) -> impl Iterator<Item = Entry> {
        let ranks = Rank::of_rows(self.keys.first().zip(self.terms.first()), rows);
        (0..rows).map(move |i| Entry { rank: ranks.at(i), position: i as u32 })
    }

    fn compare(&self, a: &Entry, b: &Entry) -> Ordering {
        a.rank.cmp(&b.rank).then_with(|| self.compare_keys(a, b)).then_with(|| a.position.cmp(&b.position))
    }

    fn compare_keys(&self, a: &Entry, b: &Entry) -> Ordering {
        let (a_at, b_at) = (a.position as usize, b.position as usize);
        for (i, (key, term)) in self.keys.iter().zip(self.terms).enumerate() {
            if i == 0 && is_exact(key) {
                continue;
            }
            let order = match (key.is_present(a_at), key.is_present(b_at)) {
                (true, true) if term.descending => compare_lanes(key, b_at, a_at),
                (true, true) => compare_lanes(key, a_at, b_at),
                (false, true) if term.puts_nulls_first() => Ordering::Less,
                (true, false) if !term.puts_nulls_first() => Ordering::Less,
                (false, false) => Ordering::Equal,
                _ => Ordering::Greater,
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

fn compare_lanes(key: &Vector<'_>, a: usize, b: usize) -> Ordering {
    match &key.cells {
        Cells::Ints(lanes) => lanes[a].cmp(&lanes[b]),
        Cells::Floats(lanes) => float_key(lanes[a]).cmp(&float_key(lanes[b])),
        Cells::Texts(lanes) => lanes[a].cmp(lanes[b]),
        Cells::Values(lanes) => lanes[a].cmp(&lanes[b]),
        #[cfg(feature = "json")]
        Cells::Json(lanes) => crate::value::compare_json(lanes[a].0, lanes[b].0),
        _ => View::Vector(key).cell(a).cmp(&View::Vector(key).cell(b)),
    }
}
