//! Random programs: after each commit, each live result equals its query run again.
use crate::models::Item;
use memorm::prelude::*;
use memorm_tests::Random;
use std::fmt::Debug;

fn item(random: &mut Random, id: u64) -> Item {
    Item {
        id,
        group: random.below(4) as i64,
        price: [f64::NAN, -0.0, 0.0, 1.5, f64::INFINITY][random.below(5) as usize],
        note: [None, Some("a"), Some("B"), Some("ä")][random.below(4) as usize].map(str::to_owned),
        divisor: i64::from(random.below(40) > 0),
    }
}

/// Compares a live result with its query run again on a version.
type Check = Box<dyn Fn(&Database) -> Result<(), String>>;

fn check<T: Debug + 'static>(live: Live<T>, query: impl Query<Row = T> + 'static) -> Check {
    Box::new(move |db| {
        let show =
            |rows: memorm::Result<Vec<T>>| rows.map_or_else(|e| e.to_string(), |rows| format!("{rows:?}"));
        let (got, wanted) = (show(live.try_rows()), show(query.all(db)));
        if got != wanted {
            return Err(format!("wanted {wanted}\ngot    {got}"));
        }
        let (got, wanted) = (live.count().ok(), query.count(db).ok());
        if got == wanted { Ok(()) } else { Err(format!("counted {got:?} of {wanted:?}")) }
    })
}

/// Each kind of query, live on `db`.
fn queries(db: &Database) -> Vec<Check> {
    let mut all: Vec<Check> = Vec::new();
    let items = select::<Item>;
    let plain = [
        items(),
        items().filter(Item::GROUP.eq(2)),
        items().filter(Item::NOTE.eq("a") | Item::PRICE.gt(1.0)),
        items().filter(!Item::NOTE.eq("B")).limit(5),
        items().order_by(Item::GROUP).limit(4),
        items().order_by((Item::GROUP.desc(), Item::PRICE)).offset(2).limit(6),
        items().order_by(Item::NOTE),
        items().order_by(Item::NOTE.desc()),
        items().order_by(Item::NOTE.nulls_first()),
        items().order_by((Item::NOTE.desc().nulls_last(), Item::PRICE.desc())),
        items().order_by(Item::PRICE.desc()).limit(3).filter(Item::GROUP.gt(0)),
        items().order_by((Item::GROUP * 2 - Item::DIVISOR, Item::ID.desc())),
        items().filter((Item::GROUP / Item::DIVISOR).ge(1)),
        items().filter((Item::GROUP / Item::DIVISOR).ge(1)).limit(2),
        items().order_by(Item::GROUP / Item::DIVISOR).limit(3),
        items().limit(0),
        items().offset(3).limit(5),
        items().filter(Item::GROUP.gt(0)).offset(2),
        items().filter_with(|item| item.id % 3 == 0),
    ];
    for query in plain {
        all.push(check(db.live(query.clone()), query));
    }
    let projected =
        items().order_by(Item::PRICE).limit(5).select((Item::ID, Item::NOTE, Item::GROUP / Item::DIVISOR));
    all.push(check(db.live(projected.clone()), projected));
    let distinct = items().select(Item::NOTE).distinct();
    all.push(check(db.live(distinct.clone()), distinct));
    all
}

/// One commit: adds, updates, deletes, delete and add of a key, or everything gone.
fn commit(random: &mut Random, db: &Database) {
    if random.below(60) == 0 {
        db.clear();
        return;
    }
    let work = |s: &mut Session| -> memorm::Result<()> {
        for _ in 0..=random.below(4) {
            let id = 1 + random.below(24);
            match random.below(5) {
                0 => drop(s.delete_by_key::<Item>(id)?),
                1 => {
                    s.delete_by_key::<Item>(id)?;
                    s.add(item(random, id))?;
                }
                _ => drop(s.merge(item(random, id))?),
            }
        }
        Ok(())
    };
    db.transaction(work).expect("the rows are sound");
}

fn run(seed: u64, commits: u32, spoil: bool) -> Result<(), String> {
    let mut random = Random(seed);
    let db = Database::new();
    let checks = queries(&db);
    for step in 0..commits {
        commit(&mut random, &db);
        // a reader does not look after each commit
        if random.below(3) == 0 {
            continue;
        }
        // the planted fault: the query is asked of a version that is one commit ahead
        let asked = db.fork();
        if spoil && step > commits / 2 {
            commit(&mut random, &asked);
        }
        for (number, check) in checks.iter().enumerate() {
            check(&asked).map_err(|e| format!("seed {seed}, commit {step}, query {number}\n{e}"))?;
        }
    }
    Ok(())
}

#[test]
fn live_rows_equal_the_query_run_again_after_each_commit() {
    for seed in 1..=40 {
        run(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), 60, false)
            .unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

#[test]
fn a_planted_difference_is_found() {
    assert!(run(0x9e37_79b9_7f4a_7c15, 60, true).is_err());
}

#[test]
fn a_result_moves_between_any_versions() {
    let mut random = Random(0xdead_beef_cafe);
    let db = Database::new();
    let query =
        select::<Item>().filter(Item::GROUP.gt(0)).order_by((Item::NOTE, Item::PRICE.desc())).limit(7);
    let mut databases = vec![db];
    let mut snapshots = Vec::new();
    let mut live = databases[0].live(query.clone());
    for _ in 0..400 {
        let at = random.below(databases.len() as u64) as usize;
        match random.below(4) {
            0 if databases.len() < 6 => databases.push(databases[at].fork()),
            1 => snapshots.push(databases[at].snapshot()),
            _ => commit(&mut random, &databases[at]),
        }
        let rows = |rows: Vec<Arc<Item>>| format!("{rows:?}");
        live = live.on(&databases[at]);
        assert_eq!(rows(live.rows()), rows(query.all(&databases[at]).expect("a value for each row")));
        if let Some(snapshot) = snapshots.get(random.below(1 + snapshots.len() as u64) as usize) {
            let old = live.at(snapshot);
            assert_eq!(rows(old.rows()), rows(query.all(snapshot).expect("a value for each row")));
            live = old;
        }
    }
}

#[test]
fn after_a_commit_of_most_rows_the_rows_are_those_of_the_query() {
    let mut random = Random(0x1234_5678_9abc);
    let db = Database::new();
    db.transaction(|s| s.add_all((1..=4_000).map(|id| item(&mut random, id)))).expect("the rows are sound");
    let wanted = select::<Item>().filter(Item::DIVISOR.gt(0));
    let plain = check(db.live(wanted.clone()), wanted.clone());
    let sorted = wanted.order_by((Item::NOTE, Item::PRICE.desc())).limit(50);
    let sorted = check(db.live(sorted.clone()), sorted);
    for changed in [1_100, 1_500, 3_000, 4_000] {
        let work = |s: &mut Session| {
            for id in 1..=changed {
                match id % 3 {
                    0 => drop(s.delete_by_key::<Item>(id)?),
                    _ => drop(s.merge(item(&mut random, id))?),
                }
            }
            Ok(())
        };
        db.transaction(work).expect("the rows are sound");
        plain(&db).and_then(|()| sorted(&db)).unwrap_or_else(|wrong| panic!("{changed} changes\n{wrong}"));
    }
}
