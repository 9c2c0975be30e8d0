use super::*;
use crate::index::tests::Random;
use std::collections::BTreeSet;

fn assert_same(postings: &Postings, model: &BTreeSet<u64>, note: &str) {
    assert!(postings.is_consistent(), "{note}: {postings:?}");
    assert_eq!(postings.len(), model.len(), "{note}");
    assert_eq!(postings.last(), model.last().copied(), "{note}");
    assert!(postings.iter().eq(model.iter().copied()), "{note}");
    let mut all = Vec::new();
    postings.extend_into(&mut all);
    assert!(all.iter().eq(model), "{note}");
}

/// Ids of a run: dense, sparse, around a window's edge, anywhere.
fn id(random: &mut Random, shape: u64) -> u64 {
    match shape {
        0 => random.below(1_500),
        1 => random.below(1_000_000),
        2 => (1 << 32) - 300 + random.below(600),
        _ => random.next() >> random.below(64),
    }
}

#[test]
fn it_agrees_with_a_model_and_older_versions_stay_as_they_were() {
    for seed in 1..=40 {
        let mut random = Random::new(seed * 104_729);
        let (mut postings, mut model) = (Postings::default(), BTreeSet::new());
        let mut kept = Vec::new();
        for step in 0..4_000 {
            let note = format!("seed {seed}, step {step}");
            let id = id(&mut random, seed % 4);
            let is_growing = step / 800 % 2 == 0;
            if random.below(10) < if is_growing { 8 } else { 1 } {
                assert_eq!(postings.insert(id), model.insert(id), "{note}");
            } else {
                let id = model.range(id..).next().copied().unwrap_or(id);
                assert_eq!(postings.remove(id), model.remove(&id), "{note}");
            }
            assert_eq!(postings.contains(id), model.contains(&id), "{note}");
            if step % 500 == 0 {
                kept.push((postings.clone(), model.clone()));
            }
            if step % 50 == 0 {
                assert_same(&postings, &model, &note);
            }
        }
        kept.iter().for_each(|(postings, model)| assert_same(postings, model, &format!("seed {seed}, kept")));
        for id in model {
            assert!(postings.remove(id), "seed {seed}");
        }
        assert!(matches!(postings.0, Shape::Few { len: 0, .. }), "seed {seed}");
    }
}

#[test]
fn runs_of_ids_are_added_anywhere() {
    for seed in 1..=100 {
        let mut random = Random::new(seed * 31);
        let (mut postings, mut model) = (Postings::default(), BTreeSet::new());
        for step in 0..12 {
            let len = random.below(400);
            let run: BTreeSet<u64> = (0..len).map(|_| id(&mut random, seed % 4)).collect();
            let run: Vec<u64> = run.into_iter().collect();
            let before = model.len();
            model.extend(&run);
            let old = (step % 3 == 0).then(|| (postings.clone(), postings.iter().collect::<Vec<_>>()));
            assert_eq!(postings.extend_sorted(&run), model.len() - before, "seed {seed}");
            assert_same(&postings, &model, &format!("seed {seed}, step {step}"));
            if let Some((old, ids)) = old {
                assert!(old.iter().eq(ids), "seed {seed}, step {step}");
            }
        }
        let all: Vec<u64> = model.iter().copied().collect();
        assert_same(&Postings::from_sorted(&all), &model, &format!("seed {seed}, built"));
    }
}

#[test]
fn three_ids_are_kept_in_sixteen_bytes() {
    assert_eq!(size_of::<Postings>(), 16);
    let mut postings = Postings::one(9);
    assert!(postings.insert(4) && postings.insert(u64::from(u32::MAX)));
    assert!(matches!(postings.0, Shape::Few { len: 3, .. }));
    assert!(postings.iter().eq([4, 9, u64::from(u32::MAX)]));
}

#[test]
fn appended_ids_fill_their_chunks() {
    let mut postings = Postings::default();
    (0..1_000_000).for_each(|id| assert!(postings.insert(id * 3)));
    let Shape::Tree(tree) = &postings.0 else { panic!("a million ids are a tree") };
    assert_eq!(tree.chunks.len(), 1_000_000_usize.div_ceil(CHUNK));
}

#[test]
fn memory_returns_when_ids_go() {
    let mut postings: Postings = Postings::from_sorted(&(0..100_000).collect::<Vec<u64>>());
    for id in (0..100_000).filter(|id| id % 1_000 != 0) {
        assert!(postings.remove(id));
    }
    assert!(matches!(&postings.0, Shape::Tree(tree) if tree.chunks.len() == 2), "{postings:?}");
    for id in (3_000..100_000).step_by(1_000) {
        assert!(postings.remove(id));
    }
    assert!(postings.iter().eq([0, 1_000, 2_000]));
    assert!(postings.remove(0));
    assert!(matches!(postings.0, Shape::Few { len: 2, .. }), "{postings:?}");
}

#[test]
fn a_change_of_a_shared_version_copies_one_chunk() {
    let mut postings = Postings::from_sorted(&(0..100_000).step_by(2).collect::<Vec<u64>>());
    let old = postings.clone();
    assert!(postings.insert(50_001));
    let (Shape::Tree(new), Shape::Tree(old)) = (&postings.0, &old.0) else { panic!("50,000 ids are a tree") };
    let kept = old
        .chunks
        .iter()
        .filter(|(key, chunk)| new.chunks.get(*key).is_some_and(|other| Link::ptr_eq(other, chunk)));
    assert_eq!(kept.count(), old.chunks.len() - 1);
}
