//! Random programs over groups: wherever a live result is taken, it equals its query run again.
use crate::models::Sale;
use memorm::prelude::*;
use memorm_tests::Random;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::fmt::Debug;

/// A row with one of the keys `1..=rows`. Rows without a value are rare among so many.
fn sale(random: &mut Random, rows: u64) -> Sale {
    let id = 1 + random.below(rows);
    let mut pick = |from: &[f64]| from[random.below(from.len() as u64) as usize];
    let price = pick(&[-0.0, 0.0, 0.1, 0.2, 1e16, -1e16, 3.7, f64::NAN]);
    let tax = pick(&[1.0, 1.5, 2.0]) as i64;
    Sale {
        id,
        shop: [None, Some("a"), Some("B"), Some("ä")][random.below(4) as usize].map(str::to_owned),
        day: random.below(5) as i64 - 1,
        qty: (random.below(4) > 0).then(|| [i64::MAX, i64::MIN, 3, -1, 0][random.below(5) as usize]),
        price,
        // 1 and 1.00 are one value
        tax: Decimal::new(tax * 100, 2).trunc_with_scale(random.below(3) as u32),
        wide: match random.below(10 + rows) {
            0 => i128::MAX - 2,
            1 => i128::MIN + 2,
            2 => i128::from(u64::MAX) + 1,
            _ => i128::from(random.below(3)) - 1,
        },
        divisor: i64::from(random.below(2 * rows) > 0),
    }
}

/// A version that is looked at.
enum At<'a> {
    /// The same database as before.
    Same(&'a Database),
    Other(&'a Database),
    Held(&'a Snapshot),
}

/// A live result beside its query.
trait Check {
    fn check(&mut self, at: &At<'_>) -> Result<(), String>;
}

struct Checked<T, Q> {
    live: Live<T>,
    query: Q,
    /// The planted fault: the result stays on its first database.
    is_stuck: bool,
}

impl<T: Debug, Q: Query<Row = T>> Check for Checked<T, Q> {
    fn check(&mut self, at: &At<'_>) -> Result<(), String> {
        let (moved, wanted_at) = match at {
            At::Same(db) => (None, db.snapshot()),
            At::Other(db) => (Some(self.live.on(db)), db.snapshot()),
            At::Held(snapshot) => (Some(self.live.at(snapshot)), Snapshot::clone(snapshot)),
        };
        if let Some(moved) = moved.filter(|_| !self.is_stuck) {
            self.live = moved;
        }
        let show =
            |rows: memorm::Result<Vec<T>>| rows.map_or_else(|e| e.to_string(), |rows| format!("{rows:?}"));
        let (got, wanted) = (show(self.live.try_rows()), show(self.query.all(&wanted_at)));
        if got != wanted {
            return Err(format!("wanted {wanted}\ngot    {got}"));
        }
        let count = |count: memorm::Result<usize>| count.map_err(|e| e.to_string());
        let (got, wanted) = (count(self.live.count()), count(self.query.count(&wanted_at)));
        if got == wanted { Ok(()) } else { Err(format!("counted {got:?} of {wanted:?}")) }
    }
}

/// Each kind of grouped query, live on `db`.
fn queries(db: &Database, is_stuck: bool) -> Vec<Box<dyn Check>> {
    let mut all: Vec<Box<dyn Check>> = Vec::new();
    macro_rules! live {
        ($($query:expr;)*) => { $({
            let query = $query;
            let live = db.live(query.clone());
            assert!(live.is_incremental(), "{query:?}");
            all.push(Box::new(Checked { live, query, is_stuck }));
        })* };
    }
    let sales = select::<Sale>;
    let exact = || (count(), count_of(Sale::SHOP), Sale::QTY.sum(), Sale::QTY.avg());
    let passed = || {
        (
            Sale::PRICE.sum(),
            Sale::PRICE.min(),
            Sale::PRICE.max(),
            count_distinct(Sale::SHOP),
            Sale::PRICE.avg(),
        )
    };
    live! {
        sales().group_by(Sale::SHOP).aggregate(exact());
        sales().group_by(Sale::DAY).aggregate(passed());
        sales().group_by(Sale::PRICE).aggregate(exact());
        sales().group_by(Sale::TAX).aggregate((Sale::TAX.sum(), Sale::TAX.min(), Sale::TAX.max(), count()));
        sales().group_by(Sale::QTY).aggregate((Sale::ID.first(), Sale::PRICE.last(), Sale::QTY.sum()));
        sales().group_by((Sale::SHOP, Sale::PRICE)).aggregate((count(), Sale::PRICE.sum(), Sale::SHOP.first()));
        sales().group_by((Sale::DAY, Sale::TAX, Sale::SHOP)).aggregate(count());
        sales().group_by(Sale::DAY * 2 - Sale::DIVISOR).aggregate((Sale::PRICE.stddev(), Sale::PRICE.variance()));
        sales().group_by(Sale::DAY / Sale::DIVISOR).aggregate(exact());
        sales().group_by(Sale::SHOP).aggregate(((Sale::DAY / Sale::DIVISOR).first(), (Sale::DAY / Sale::DIVISOR).last()));
        sales().group_by(Sale::DAY).aggregate((count_distinct(Sale::PRICE), count_distinct(Sale::TAX), Sale::TAX.last()));
        sales().group_by(Sale::TAX).aggregate((Sale::SHOP.min(), Sale::SHOP.max(), Sale::TAX.first()));
        sales().group_by(Sale::SHOP.upper()).aggregate((Sale::DAY / Sale::DIVISOR).sum());
        sales().group_by(Sale::DIVISOR * 0).aggregate((count(), Sale::WIDE.sum(), Sale::WIDE.avg()));
        sales().group_by(Sale::DAY).aggregate((Sale::WIDE.sum(), Sale::QTY.max(), Sale::QTY.min()));
        sales().group_by(Sale::SHOP).aggregate((Sale::PRICE.median(), Sale::QTY.quantile(0.25)));
        sales().filter(Sale::DAY.gt(0)).group_by(Sale::SHOP).aggregate(exact());
        sales().filter(Sale::PRICE.gt(0.0) | Sale::SHOP.is_none()).group_by(Sale::DAY).aggregate(passed());
        sales().filter((Sale::DAY / Sale::DIVISOR).ge(1)).group_by(Sale::SHOP).aggregate(passed());
        sales().filter_with(|sale| sale.id % 3 > 0).group_by(Sale::DAY.map(|day| *day > 1)).aggregate(exact());
        sales().order_by(Sale::PRICE.desc()).group_by(Sale::SHOP).aggregate((Sale::ID.first(), Sale::ID.last(), Sale::PRICE.sum()));
        sales().order_by((Sale::SHOP, Sale::DAY.desc())).group_by(Sale::DAY).aggregate(passed());
        sales().filter(Sale::DAY.gt(0)).order_by(Sale::TAX).group_by(Sale::TAX).aggregate((Sale::TAX.first(), Sale::TAX.last(), Sale::TAX.min()));
        sales().order_by(Sale::DAY / Sale::DIVISOR).group_by(Sale::SHOP).aggregate((count(), Sale::ID.last(), Sale::QTY.sum()));
        sales().order_by((Sale::TAX.desc(), Sale::ID.desc())).group_by(Sale::PRICE).aggregate(Sale::PRICE.variance()).limit(4);
        sales().group_by(Sale::SHOP).aggregate((count(), Sale::PRICE.sum())).having(|_, (n, _)| *n > 2);
        sales().group_by(Sale::SHOP).aggregate(exact()).having(|shop, _| shop.is_some()).limit(2).offset(1);
        sales().group_by(Sale::DAY).aggregate(count()).order_by(|_, n| Reverse(*n)).limit(3);
        sales().group_by(Sale::DAY).aggregate(Sale::QTY.sum()).order_by(|_, sum| *sum);
        sales().group_by(Sale::DAY).aggregate(Sale::PRICE.max()).order_by(|day, _| *day).offset(2);
    }
    all
}

/// One commit: adds, updates, deletes, delete and add of a key, or everything gone; now and then it is rolled back.
fn commit(random: &mut Random, db: &Database, rows: u64) {
    if random.below(2 * rows) == 0 {
        db.clear();
        return;
    }
    let is_rolled_back = random.below(10) == 0;
    let mut session = db.session();
    for _ in 0..=random.below(4) {
        let new = sale(random, rows);
        let id = new.id;
        match random.below(6) {
            0 => drop(session.delete_by_key::<Sale>(id).expect("nothing refers to it")),
            1 => {
                session.delete_by_key::<Sale>(id).expect("nothing refers to it");
                session.add(new).expect("the row is sound");
            }
            2 => {
                let one = update::<Sale>().filter(Sale::ID.eq(id));
                let changed = one.set(Sale::PRICE, new.price).set(Sale::QTY, new.qty);
                changed.exec(&mut session).expect("the row is sound");
            }
            _ => drop(session.merge(new).expect("the row is sound")),
        }
    }
    if !is_rolled_back {
        session.commit().expect("nobody else commits");
    }
}

/// One step on a database: mostly a commit, else a way back or forth.
fn step(random: &mut Random, db: &Database, rows: u64) {
    match random.below(12) {
        0 => drop(db.checkpoint("kept")),
        // where there is nothing to go to, nothing happens
        1 => drop(db.restore("kept")),
        2 => drop(db.undo()),
        3 => drop(db.redo()),
        4 => {
            let mut direct = db.try_exclusive().expect("no session is open");
            for _ in 0..3 {
                direct.merge(sale(random, rows)).expect("the row is sound");
            }
        }
        _ => commit(random, db, rows),
    }
}

fn run(seed: u64, rows: u64, steps: u32, is_stuck: bool) -> Result<(), String> {
    let mut random = Random(seed);
    let mut databases = vec![Database::builder().history(20).build()];
    let filled =
        databases[0].transaction(|s| (0..rows).try_for_each(|_| s.merge(sale(&mut random, rows)).map(drop)));
    filled.expect("the rows are sound");
    let mut snapshots = Vec::new();
    let mut checks = queries(&databases[0], is_stuck);
    // the database that the results are on
    let mut last = Some(0);
    for number in 0..steps {
        let other = random.below(databases.len() as u64) as usize;
        let at = last.filter(|_| random.below(4) > 0).unwrap_or(other);
        match random.below(14) {
            0 if databases.len() < 5 => databases.push(databases[at].fork()),
            1 => snapshots.push(databases[at].snapshot()),
            _ => step(&mut random, &databases[at], rows),
        }
        // a reader does not look after each commit
        if random.below(3) == 0 {
            continue;
        }
        let held = snapshots.get(random.below(1 + 4 * snapshots.len() as u64) as usize);
        let look = match held {
            Some(snapshot) => At::Held(snapshot),
            None if last == Some(at) => At::Same(&databases[at]),
            None => At::Other(&databases[at]),
        };
        last = Some(at).filter(|_| held.is_none());
        for (query, check) in checks.iter_mut().enumerate() {
            check.check(&look).map_err(|e| format!("seed {seed}, step {number}, query {query}\n{e}"))?;
        }
    }
    Ok(())
}

#[test]
fn live_groups_equal_the_query_run_again_at_any_version() {
    for seed in 1..=20 {
        run(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), 30, 100, false)
            .unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

#[test]
fn groups_of_hundreds_of_rows_equal_the_query_run_again() {
    for seed in 1..=3 {
        let seed = 0x2545_f491_4f6c_dd1d_u64.wrapping_mul(seed);
        run(seed, 2_000, 60, false).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

#[test]
fn a_result_that_does_not_move_is_found() {
    assert!(run(0x9e37_79b9_7f4a_7c15, 30, 100, true).is_err());
}
