use super::*;
use crate::index::tests::Random;
use crate::link::Link;
use std::collections::BTreeSet;

type Model = BTreeSet<(u64, u64)>;

fn assert_same(tree: &HashTree, model: &Model, note: &str) {
    assert!(tree.is_consistent(), "{note}");
    assert_eq!(tree.len(), model.len(), "{note}");
    let missing = model.iter().find(|(hash, row)| !tree.find(*hash).any(|found| found == *row));
    assert_eq!(missing, None, "{note}");
}

/// Hashes of a run: all bits, few values, few high bits, one value.
fn hash(random: &mut Random, shape: u64) -> u64 {
    match shape {
        0 => random.next(),
        1 => random.below(40).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        2 => random.below(1000) << 40,
        _ => 7,
    }
}

#[test]
fn it_agrees_with_a_model_and_older_versions_stay_as_they_were() {
    for seed in 1..=40 {
        let mut random = Random::new(seed * 7919);
        let (mut tree, mut model) = (HashTree::default(), Model::new());
        let mut kept: Vec<(HashTree, Model)> = Vec::new();
        for step in 0..3_000 {
            let note = format!("seed {seed}, step {step}");
            // growing and shrinking phases
            let is_growing = step / 500 % 2 == 0;
            if random.below(10) < if is_growing { 7 } else { 3 } {
                let entry = (hash(&mut random, seed % 4), step);
                tree.insert(entry.0, entry.1);
                model.insert(entry);
            } else if let Some(entry) = model.range((random.next(), 0)..).next().or(model.first()).copied() {
                assert!(tree.remove(entry.0, entry.1), "{note}");
                assert!(!tree.remove(entry.0, entry.1), "{note}");
                model.remove(&entry);
            }
            if step % 250 == 0 {
                kept.push((tree.clone(), model.clone()));
            }
            if step % 50 == 0 {
                assert_same(&tree, &model, &note);
            }
        }
        kept.iter().for_each(|(tree, model)| assert_same(tree, model, &format!("seed {seed}, kept")));
        for entry in &model {
            assert!(tree.remove(entry.0, entry.1), "seed {seed}");
        }
        assert!(tree.root.is_none() && tree.is_empty(), "seed {seed}");
    }
}

#[test]
fn a_bulk_build_gives_the_tree_that_insertions_give() {
    for rows in [0, 1, 32, 33, 500, 20_000] {
        let mut random = Random::new(rows + 1);
        let entries: Vec<(u64, u64)> = (0..rows).map(|row| (random.next(), row)).collect();
        let mut built = HashTree::default();
        built.extend(entries.iter().copied());
        let mut inserted = HashTree::default();
        entries.iter().for_each(|(hash, row)| inserted.insert(*hash, *row));
        assert_eq!(shape(&built), shape(&inserted), "{rows} rows");
        assert_same(&built, &entries.iter().copied().collect(), "built");

        // and onto what is there
        let more: Vec<(u64, u64)> = (rows..2 * rows).map(|row| (random.next(), row)).collect();
        built.extend(more.iter().copied());
        assert_same(&built, &entries.into_iter().chain(more).collect(), "extended");
    }
}

#[test]
fn a_bulk_build_of_one_hash_is_one_long_leaf() {
    let mut tree = HashTree::default();
    tree.extend((0..5_000).map(|row| (7, row)));
    assert!(tree.is_consistent() && tree.find(7).count() == 5_000 && tree.find(8).count() == 0);
    (0..5_000).for_each(|row| assert!(tree.remove(7, row)));
    assert!(tree.root.is_none());
}

#[test]
fn memory_returns_when_rows_go() {
    let mut random = Random::new(3);
    let entries: Vec<(u64, u64)> = (0..100_000).map(|row| (random.next(), row)).collect();
    let mut tree = HashTree::default();
    tree.extend(entries.iter().copied());
    for (hash, row) in &entries[100..] {
        assert!(tree.remove(*hash, *row));
    }
    let Shape { branches, leaves } = shape(&tree);
    assert!(branches <= 40 && leaves <= 40, "{branches} branches, {leaves} leaves for 100 rows");
}

#[test]
fn leaves_stay_half_full() {
    let mut random = Random::new(9);
    let mut tree = HashTree::default();
    for row in 0..200_000 {
        tree.insert(random.next(), row);
        if row % 20_000 == 19_999 {
            let leaves = shape(&tree).leaves;
            assert!(row as usize / leaves >= 16, "{leaves} leaves for {row} rows");
        }
    }
}

#[test]
fn a_million_rows_of_one_hash_need_no_stack_and_no_time() {
    let mut tree = HashTree::default();
    (0..1_000_000).for_each(|row| tree.insert(u64::MAX, row));
    assert_eq!(tree.find(u64::MAX).count(), 1_000_000);
    assert!(tree.remove(u64::MAX, 999_999) && tree.remove(u64::MAX, 0) && tree.is_consistent());
}

#[test]
fn a_change_of_a_shared_version_copies_one_path() {
    let mut random = Random::new(5);
    let mut tree = HashTree::default();
    tree.extend((0..50_000).map(|row| (random.next(), row)));
    let old = tree.clone();
    tree.insert(random.next(), 50_000);
    let (Some(Node::Branch(new)), Some(Node::Branch(old))) = (&tree.root, &old.root) else {
        panic!("50,000 rows are in a branch")
    };
    let copied = new.children.iter().zip(&old.children).filter(|(a, b)| address(a) != address(b)).count();
    assert_eq!(copied, 1);
}

#[test]
fn a_miss_copies_nothing() {
    let mut tree = HashTree::default();
    tree.extend((0..1_000).map(|row| (row << 32, row)));
    let old = tree.clone();
    assert!(!tree.remove(3 << 32, 4));
    assert_eq!(address(&tree.root), address(&old.root));
}

fn address(node: &Option<Node>) -> usize {
    match node {
        None => 0,
        Some(Node::Branch(branch)) => Link::as_ptr(branch) as usize,
        Some(Node::Leaf(leaf)) => Link::as_ptr(leaf) as usize,
        Some(Node::Long(rows)) => Link::as_ptr(rows) as usize,
    }
}

#[derive(Debug, PartialEq)]
struct Shape {
    branches: usize,
    leaves: usize,
}

fn shape(tree: &HashTree) -> Shape {
    let mut shape = Shape { branches: 0, leaves: 0 };
    let mut open: Vec<&Node> = tree.root.iter().collect();
    while let Some(node) = open.pop() {
        match node {
            Node::Branch(branch) => {
                shape.branches += 1;
                open.extend(branch.children.iter().flatten());
            }
            _ => shape.leaves += 1,
        }
    }
    shape
}
