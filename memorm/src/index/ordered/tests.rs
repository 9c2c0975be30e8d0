use super::*;
use crate::index::tests::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

type Key = Vec<Value>;
type Model = BTreeMap<Key, BTreeSet<u64>>;

/// The columns of a run.
fn kinds(shape: u64) -> Vec<Kind> {
    match shape % 8 {
        0 => vec![Kind::I32],
        1 => vec![Kind::U64],
        2 => vec![Kind::F64],
        3 => vec![Kind::Text],
        4 => vec![Kind::Timestamp],
        5 => vec![Kind::Bytes],
        6 => vec![Kind::I64, Kind::Text],
        _ => vec![Kind::Bool, Kind::F64, Kind::Text],
    }
}

fn value(random: &mut Random, kind: Kind) -> Value {
    if random.below(8) == 0 {
        return Value::Null;
    }
    let n = random.below(30) as i64 - 15;
    match kind {
        Kind::Bool => Value::Bool(n < 0),
        Kind::I32 | Kind::I64 => Value::Int(n),
        Kind::U64 => Value::Wide(if n < 0 { i128::from(u64::MAX) + i128::from(n) } else { n.into() }),
        Kind::F64 => Value::Float(match n {
            14 => f64::NAN,
            13 => f64::INFINITY,
            12 => f64::NEG_INFINITY,
            0 => -0.0,
            n => n as f64 / 4.0,
        }),
        Kind::Text => Value::Text(format!("{n}").into()),
        Kind::Timestamp => Value::Timestamp(i128::from(n) << 64),
        _ => Value::Bytes([n as u8].into()),
    }
}

fn key(random: &mut Random, kinds: &[Kind]) -> Key {
    kinds.iter().map(|kind| value(random, *kind)).collect()
}

fn cells(key: &[Value]) -> Vec<Cell<'_>> {
    key.iter().map(Value::cell).collect()
}

fn rows<'p>(postings: impl Iterator<Item = &'p Postings>) -> Vec<Vec<u64>> {
    postings.map(|postings| postings.iter().collect()).collect()
}

fn assert_same(index: &OrderedIndex, model: &Model, note: &str) {
    assert!(index.is_consistent(), "{note}");
    assert_eq!(index.len(), model.values().map(BTreeSet::len).sum::<usize>(), "{note}");
    let expected: Vec<Vec<u64>> = model.values().map(|rows| rows.iter().copied().collect()).collect();
    assert_eq!(rows(index.ascending()), expected, "{note}");
    let descending: Vec<Vec<u64>> = expected.into_iter().rev().collect();
    assert_eq!(rows(index.descending()), descending, "{note}");
}

fn bound(random: &mut Random, kind: Kind) -> Bound<Value> {
    match random.below(5) {
        0 => Unbounded,
        1 | 2 => Included(value(random, kind)),
        _ => Excluded(value(random, kind)),
    }
}

/// What `range` is to give, in the words of its documentation.
fn expected_range(
    model: &Model,
    columns: usize,
    prefix: &[Value],
    low: &Bound<Value>,
    high: &Bound<Value>,
) -> Vec<Vec<u64>> {
    let is_null = |bound: &Bound<Value>| matches!(bound, Included(v) | Excluded(v) if v.is_null());
    let looks_at_nulls = columns > 1 && matches!((low, high), (Unbounded, Unbounded));
    let is_inside = |value: &Value| {
        (looks_at_nulls || !value.is_null())
            && match low {
                Included(low) => value >= low,
                Excluded(low) => value > low,
                Unbounded => true,
            }
            && match high {
                Included(high) => value <= high,
                Excluded(high) => value < high,
                Unbounded => true,
            }
    };
    let is_matching = |key: &Key| key.starts_with(prefix) && key.get(prefix.len()).is_none_or(is_inside);
    if prefix.iter().any(Value::is_null) || is_null(low) || is_null(high) {
        return Vec::new();
    }
    let found = model.iter().filter(|(key, _)| is_matching(key));
    found.map(|(_, rows)| rows.iter().copied().collect()).collect()
}

fn assert_ranges(index: &OrderedIndex, model: &Model, kinds: &[Kind], random: &mut Random, note: &str) {
    for _ in 0..40 {
        let parts = random.below(kinds.len() as u64 + 1) as usize;
        let prefix = key(random, &kinds[..parts]);
        let next = kinds.get(parts).copied();
        let (low, high) = match next {
            Some(kind) => (bound(random, kind), bound(random, kind)),
            None => (Unbounded, Unbounded),
        };
        let note = format!("{note}, prefix {prefix:?}, {low:?}..{high:?}");
        let mut expected = expected_range(model, kinds.len(), &prefix, &low, &high);
        let prefix = cells(&prefix);
        let range = || index.range(&prefix, low.as_ref().map(Value::cell), high.as_ref().map(Value::cell));
        assert_eq!(rows(range()), expected, "{note}");
        let total: usize = expected.iter().map(Vec::len).sum();
        for cap in [0, 3, 1_000_000] {
            let low = low.as_ref().map(Value::cell);
            let high = high.as_ref().map(Value::cell);
            let (count, found) = index.rows_within(&prefix, low, high, cap, 5);
            assert_eq!(count, total.min(cap), "{note}");
            let kept = ((total < cap || total == 0) && total <= 5).then(|| expected.concat());
            assert_eq!(found, kept, "{note}");
        }
        expected.reverse();
        assert_eq!(rows(range().rev()), expected, "{note}");
    }
}

#[test]
fn it_agrees_with_a_model_and_older_versions_stay_as_they_were() {
    for seed in 1..=48 {
        let mut random = Random::new(seed * 15_485_863);
        let kinds = kinds(seed);
        let (mut index, mut model) = (OrderedIndex::new(&kinds), Model::new());
        let mut kept = Vec::new();
        for step in 0..1_200 {
            let note = format!("seed {seed}, step {step}");
            let (key, row) = (key(&mut random, &kinds), random.below(300));
            let is_there = model.get(&key).is_some_and(|rows| rows.contains(&row));
            assert_eq!(index.holds(&cells(&key), row), is_there, "{note}, {key:?}");
            if random.below(10) < if step / 300 % 2 == 0 { 8 } else { 2 } {
                assert_eq!(index.insert(&cells(&key), row), !is_there, "{note}");
                model.entry(key).or_default().insert(row);
            } else {
                assert_eq!(index.remove(&cells(&key), row), is_there, "{note}");
                if let Some(rows) = model.get_mut(&key) {
                    rows.remove(&row);
                }
                model.retain(|_, rows| !rows.is_empty());
            }
            if step % 200 == 0 {
                kept.push((index.clone(), model.clone()));
                assert_same(&index, &model, &note);
                assert_ranges(&index, &model, &kinds, &mut random, &note);
            }
        }
        kept.iter().for_each(|(index, model)| assert_same(index, model, &format!("seed {seed}, kept")));
        for (key, rows) in model {
            let has_null = key.iter().any(Value::is_null);
            let found = index.equal(&cells(&key)).map(|postings| postings.iter().collect::<BTreeSet<u64>>());
            assert_eq!(found, (!has_null).then(|| rows.clone()), "seed {seed}, {key:?}");
            rows.iter().for_each(|row| assert!(index.remove(&cells(&key), *row), "seed {seed}"));
        }
        assert!(index.is_empty() && index.distinct() == 0 && index.nulls().is_empty());
    }
}

#[test]
fn a_batch_gives_what_insertions_give() {
    for seed in 1..=32 {
        let mut random = Random::new(seed * 32_452_843);
        let kinds = kinds(seed);
        let (mut index, mut model) = (OrderedIndex::new(&kinds), Model::new());
        for size in [random.below(500), 0, 700, 5] {
            let entries: Vec<(Key, u64)> =
                (0..size).map(|_| (key(&mut random, &kinds), random.below(2_000))).collect();
            let mut batch = index.batch();
            for (key, row) in &entries {
                batch.push(&cells(key), *row);
                model.entry(key.clone()).or_default().insert(*row);
            }
            let old = index.clone();
            let before = rows(old.ascending());
            index.extend(batch);
            assert_same(&index, &model, &format!("seed {seed}"));
            assert_eq!(rows(old.ascending()), before, "seed {seed}");
        }
    }
}

#[test]
fn nulls_are_behind_all_keys_and_in_no_range() {
    let mut index = OrderedIndex::new(&[Kind::I64]);
    index.insert(&[Cell::Null], 1);
    index.insert(&[Cell::Int(i64::MAX)], 2);
    assert_eq!(rows(index.ascending()), [[2], [1]]);
    assert_eq!(rows(index.descending()), [[1], [2]]);
    assert_eq!(rows(index.range(&[], Unbounded, Unbounded)), [[2]]);
    assert!(index.equal(&[Cell::Null]).is_none());
    assert_eq!((index.len(), index.distinct(), index.nulls().len()), (2, 1, 1));
}

#[test]
fn a_bound_outside_of_the_column_is_no_error() {
    let mut index = OrderedIndex::new(&[Kind::U64]);
    index.insert(&[Cell::Wide(0)], 1);
    index.insert(&[Cell::Wide(u64::MAX.into())], 2);
    let (below, above) = (Cell::Wide(-1), Cell::Wide(1 << 100));
    assert_eq!(index.range(&[], Included(below.clone()), Excluded(above.clone())).count(), 2);
    assert_eq!(index.range(&[], Included(above), Unbounded).count(), 0);
    assert_eq!(index.range(&[], Unbounded, Included(below)).count(), 0);
    assert_eq!(index.range(&[], Included(Cell::Text("a")), Unbounded).count(), 0);
}

#[test]
fn an_inverted_range_is_empty() {
    for kinds in (0..8).map(kinds) {
        let mut random = Random::new(11);
        let mut index = OrderedIndex::new(&kinds);
        (0..200).for_each(|row| {
            index.insert(&cells(&key(&mut random, &kinds)), row);
        });
        let (a, b) = (value(&mut Random::new(1), kinds[0]), value(&mut Random::new(3), kinds[0]));
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        assert!(low < high, "{low:?} {high:?}");
        assert_eq!(index.range(&[], Included(high.cell()), Included(low.cell())).count(), 0);
        assert_eq!(index.range(&[], Excluded(high.cell()), Excluded(high.cell())).count(), 0);
        assert_eq!(index.range(&[], Included(high.cell()), Excluded(high.cell())).count(), 0);
    }
}

#[test]
fn a_removal_that_misses_says_so() {
    let mut index = OrderedIndex::new(&[Kind::I64]);
    index.insert(&[Cell::Int(1)], 1);
    assert!(!index.remove(&[Cell::Int(1)], 2));
    assert!(!index.remove(&[Cell::Int(2)], 1));
    assert!(!index.remove(&[Cell::Null], 1));
    assert!(index.remove(&[Cell::Int(1)], 1) && index.is_empty());
}

#[test]
fn a_cell_of_another_kind_counts_as_null() {
    for kinds in (0..5).map(kinds) {
        let mut index = OrderedIndex::new(&kinds);
        let stranger = [Cell::Other(Value::Uuid(7))];
        assert!(index.insert(&stranger, 1) && index.holds(&stranger, 1) && index.nulls().contains(1));
        assert!(index.equal(&stranger).is_none() && index.is_consistent());
        let mut batch = index.batch();
        batch.push(&stranger, 2);
        index.extend(batch);
        assert!(index.remove(&stranger, 1) && index.remove(&stranger, 2) && index.is_empty());
    }
}

#[test]
fn a_version_that_is_held_stays_whole_while_all_rows_go() {
    let mut index = OrderedIndex::new(&[Kind::I64]);
    (0..10_000).for_each(|row| {
        index.insert(&[Cell::Int(row as i64 % 7)], row);
    });
    let held = index.clone();
    (0..10_000).for_each(|row| assert!(index.remove(&[Cell::Int(row as i64 % 7)], row)));
    assert!(index.is_empty() && index.distinct() == 0);
    assert!(held.is_consistent() && held.len() == 10_000);
}

#[test]
fn a_million_rows_are_built_and_dropped() {
    let mut index = OrderedIndex::new(&[Kind::F64]);
    let mut batch = index.batch();
    let mut random = Random::new(1);
    (0..1_000_000).for_each(|row| batch.push(&[Cell::Float(random.next() as f64)], row));
    index.extend(batch);
    assert!(index.len() == 1_000_000 && index.is_consistent());
    let mut clone = index.clone();
    clone.clear();
    assert!(clone.is_empty() && index.len() == 1_000_000);
}
