//! Random changes on two sides, merged, against maps and loops.
use crate::models::{Item, shop};
use memorm::prelude::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Quantity, twice the price, and the revision, by key. A row whose revision alone differs was changed as well.
type Rows = BTreeMap<u64, (i64, i64, u32)>;

#[derive(Clone, Debug)]
enum Step {
    Qty(u64, i64),
    Price(u64, i64),
    Delete(u64),
    Add(u64, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let (key, value) = (1..9u64, 0..4i64);
    prop_oneof![
        (key.clone(), value.clone()).prop_map(|(key, n)| Step::Qty(key, n)),
        (key.clone(), value.clone()).prop_map(|(key, n)| Step::Price(key, n)),
        key.clone().prop_map(Step::Delete),
        (key, value).prop_map(|(key, n)| Step::Add(key, n)),
    ]
}

fn run(db: &Database, steps: &[Step]) {
    db.transaction(|s| {
        for step in steps {
            match *step {
                Step::Qty(key, n) => drop(s.update::<Item>(key, |item| item.qty = n)),
                Step::Price(key, n) => drop(s.update::<Item>(key, |item| item.price = n as f64)),
                Step::Delete(key) => drop(s.delete_by_key::<Item>(key)?),
                Step::Add(key, n) => drop(s.add(Item { id: key, ..Item::new(1, n as f64, n) })),
            }
        }
        Ok(())
    })
    .expect("steps that cannot be done are passed over");
}

fn rows(source: &Snapshot) -> Rows {
    let all = source.all(select::<Item>()).expect("nothing to compute");
    all.iter().map(|item| (item.id, (item.qty, (item.price * 2.0) as i64, item.revision))).collect()
}

/// The rows without their revisions, which a merge counts on.
fn values(rows: &Rows) -> Vec<(u64, i64, i64)> {
    rows.iter().map(|(key, row)| (*key, row.0, row.1)).collect()
}

/// The merge of maps: `None` where a conflict is left.
fn merged(base: &Rows, ours: &Rows, theirs: &Rows) -> Option<Rows> {
    let mut keys: Vec<u64> = base.keys().chain(ours.keys()).chain(theirs.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut result = Rows::new();
    for key in keys {
        let (b, o, t) = (base.get(&key), ours.get(&key), theirs.get(&key));
        let row = if o == b || o == t {
            t.copied()
        } else if t == b {
            o.copied()
        } else if let (Some(b), Some(o), Some(t)) = (b, o, t) {
            let cell = |b, o, t| {
                if o == b || o == t {
                    Some(t)
                } else if t == b {
                    Some(o)
                } else {
                    None
                }
            };
            Some((cell(b.0, o.0, t.0)?, cell(b.1, o.1, t.1)?, 0))
        } else {
            return None;
        };
        result.extend(row.map(|row| (key, row)));
    }
    Some(result)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_merge_is_the_merge_of_maps(
        ours in prop::collection::vec(step(), 0..8),
        theirs in prop::collection::vec(step(), 0..8),
    ) {
        let db = shop();
        let (base, fork) = (db.snapshot(), db.fork());
        run(&db, &ours);
        run(&fork, &theirs);
        let expected = merged(&rows(&base), &rows(&db.snapshot()), &rows(&fork.snapshot()));
        let before = db.state_hash();
        let result = db.merge(&base, &fork.snapshot(), Resolve::Fail);
        match expected {
            Some(expected) => {
                prop_assert!(result.is_ok(), "{result:?}");
                prop_assert_eq!(values(&rows(&db.snapshot())), values(&expected));
            }
            None => {
                prop_assert!(result.is_err_and(|e| e.is_conflict()));
                prop_assert_eq!(db.state_hash(), before);
            }
        }
        db.assert_consistent();
    }
}

#[test]
fn a_wrong_merge_of_maps_is_told_from_a_right_one() {
    let rows = |qty: i64| Rows::from([(1, (qty, 0, qty as u32))]);
    assert_eq!(merged(&rows(1), &rows(2), &rows(1)), Some(rows(2)));
    assert_eq!(values(&rows(2)), [(1, 2, 0)]);
    assert_eq!(merged(&rows(1), &rows(2), &rows(3)), None);
    assert_eq!(merged(&rows(1), &Rows::new(), &rows(1)), Some(Rows::new()));
    assert_eq!(merged(&rows(1), &Rows::new(), &rows(2)), None);
}
