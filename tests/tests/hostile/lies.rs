//! Column types that tell another value at each call, in keys, unique columns and indexes: what such an index finds is
//! unspecified, but nothing panics, loops or blocks, and the rest of the table stays right.
use memorm::model::Scalar;
use memorm::prelude::*;
use memorm::value::{Cell, Kind};
use std::cell::Cell as Slot;

thread_local! {
    static LIES: Slot<Option<u64>> = const { Slot::new(None) };
}

/// The next lie, or the truth.
fn told(truth: i64) -> i64 {
    match LIES.get() {
        None => truth,
        Some(state) => {
            // xorshift: small values, so that lies meet each other
            let mut next = state;
            next ^= next << 13;
            next ^= next >> 7;
            next ^= next << 17;
            LIES.set(Some(next));
            if next.is_multiple_of(3) { truth } else { (next % 11) as i64 }
        }
    }
}

fn lying<T>(seed: u64, work: impl FnOnce() -> T) -> T {
    LIES.set(Some(seed));
    let result = work();
    LIES.set(None);
    result
}

/// A column type: an integer that lies, as `Option`, or as something else than it says it is.
macro_rules! liar {
    ($Name:ident, $kind:ident, $lane:ty, $to:expr, $nullable:literal) => {
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Name(pub i64);

        impl Field for $Name {
            type Base = Self;
            type Map<U: Scalar> = U;
            type Lane<'a> = $lane;
            const KIND: Kind = Kind::$kind;
            const NULLABLE: bool = $nullable;

            fn lane(&self) -> $lane {
                let to: fn(i64) -> $lane = $to;
                to(told(self.0))
            }
            fn is_present(&self) -> bool {
                told(self.0) % 2 == 0
            }
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                cell.as_integer().map(|i| Self(told(i)))
            }
        }

        impl Scalar for $Name {}
    };
}

liar! { Plain, I64, i64, |n| n, false }
liar! { Sometimes, I64, i64, |n| n, true }
liar! { Wide, U64, i128, i128::from, false }
liar! { Floating, F64, f64, |n| if n % 4 == 0 { f64::NAN } else { n as f64 }, false }
liar! { Dynamic, Date, Value, |n| [Value::Int(n), Value::Null, Value::Date(n as i32), Value::Bool(true)][n.rem_euclid(4) as usize].clone(), false }
liar! { Mislabelled, Text, i64, |n| n, false }

/// A model with the column type as unique column and in indexes, and one with a lying key; a program over both. What
/// says that it may be `None` is no key.
macro_rules! programs { ($($module:ident: $T:ident, key $K:ident;)*) => { $(
    mod $module {
        use super::*;

        #[derive(Model, Clone, Debug)]
        #[model(unique(pair, plain), index(column, plain))]
        struct Row {
            #[model(primary_key)]
            id: u64,
            #[model(unique)]
            single: $T,
            pair: $T,
            #[model(index)]
            column: $T,
            #[model(index)]
            plain: i64,
            #[model(unique, deferred)]
            later: $T,
        }

        #[derive(Model, Clone, Debug)]
        struct Keyed {
            #[model(primary_key)]
            key: $K,
            #[model(index)]
            n: i64,
        }

        #[derive(Model, Clone, Debug)]
        struct Child {
            #[model(primary_key)]
            id: u64,
            #[model(references(Keyed, name = OWNER, on_delete = cascade))]
            keyed: $K,
        }

        fn row(id: u64, n: i64) -> Row {
            Row { id, single: $T(n), pair: $T(n), column: $T(n), plain: n, later: $T(n) }
        }

        /// One step; what it returns does not matter.
        fn step(session: &mut Session, n: u64) {
            let (id, value) = (n / 7 % 40, (n % 13) as i64);
            let row = row(id, value);
            let keyed = Keyed { key: $K(value), n: value };
            let queries = [
                select::<Row>().filter(Row::SINGLE.eq($T(value))),
                select::<Row>().filter(Row::COLUMN.between($T(1), $T(value))),
                select::<Row>().filter(Row::COLUMN.in_([$T(1), $T(value)]) & Row::PLAIN.gt(2)),
                select::<Row>().filter(Row::COLUMN.is_none()),
                select::<Row>().order_by(Row::COLUMN.desc()).limit(3),
                select::<Row>().order_by((Row::PAIR, Row::LATER)),
            ];
            let ignore = |_: ()| ();
            match n % 16 {
                0..=2 => ignore(drop(session.add(row))),
                3 => ignore(drop(session.merge(row))),
                4 => ignore(drop(session.update::<Row>(id, |r| r.column = $T(value)))),
                5 => ignore(drop(session.upsert_on(Row::SINGLE, row, |old, new| old.plain = new.plain))),
                6 => ignore(drop(session.delete_by_key::<Row>(id))),
                7 => ignore(drop(update::<Row>().filter(Row::PLAIN.lt(4)).set(Row::COLUMN, $T(value)).exec(session))),
                8 => ignore(drop(delete::<Row>().filter(Row::COLUMN.eq($T(value))).exec(session))),
                9 => ignore(drop(session.add(keyed))),
                10 => ignore(drop(session.merge(keyed))),
                11 => ignore(drop(session.get::<Keyed>($K(value)))),
                12 => ignore(drop(session.add(Child { id, keyed: $K(value) }))),
                13 => ignore(drop(session.delete_by_key::<Keyed>($K(value)))),
                14 => ignore(drop(session.update::<Keyed>($K(value), |k| k.n += 1))),
                _ => queries.iter().for_each(|query| drop(query.all(session))),
            }
            if n % 29 == 0 {
                drop(select::<Row>().select((Row::COLUMN, Row::PAIR)).distinct().all(session));
                drop(select::<Row>().aggregate((Row::COLUMN.max(), count_distinct(Row::PAIR)), &*session));
                drop(session.flush());
                let savepoint = session.savepoint();
                drop(session.add(super::$module::row(id + 100, value)));
                drop(session.rollback_to(&savepoint));
            }
        }

        #[test]
        fn nothing_panics_and_the_database_goes_on() -> memorm::Result<()> {
            for seed in 1..=20u64 {
                let db = Database::new();
                lying(seed * 7_919, || {
                    let mut session = db.session();
                    let mut n = seed;
                    for _ in 0..300 {
                        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        step(&mut session, n >> 33);
                        if n >> 60 == 0 {
                            if session.commit().is_err() {
                                session.rollback();
                            }
                        }
                    }
                });
                // the truth again: the keys are right, and all can be deleted and written anew
                let ids = select::<Row>().select(Row::ID).all(&db)?;
                for id in &ids {
                    assert_eq!(db.snapshot().get_one::<Row>(*id)?.id, *id);
                }
                db.transaction(|s| {
                    delete::<Child>().exec(s)?;
                    delete::<Row>().exec(s)
                })?;
                assert_eq!(select::<Row>().count(&db)?, 0, "seed {seed}");
                db.clear();
                db.transaction(|s| s.add(row(1, 2)))?;
                assert_eq!(select::<Row>().count(&db)?, 1);
                db.assert_consistent();
            }
            Ok(())
        }
    }
)* } }

programs! {
    plain: Plain, key Plain;
    sometimes: Sometimes, key Plain;
    wide: Wide, key Wide;
    floating: Floating, key Floating;
    dynamic: Dynamic, key Dynamic;
    mislabelled: Mislabelled, key Mislabelled;
}

#[test]
fn a_column_that_lies_leaves_the_other_columns_of_the_table_right() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    struct Row {
        #[model(primary_key)]
        id: u64,
        #[model(index)]
        lies: Plain,
        #[model(index)]
        n: i64,
        #[model(unique)]
        name: String,
    }
    let db = Database::new();
    let row = |id: u64| Row { id, lies: Plain(id as i64), n: (id % 50) as i64, name: format!("n{id}") };
    lying(12_345, || -> memorm::Result<()> {
        db.transaction(|s| s.add_all((1..=500).map(row)))?;
        for id in 1..=250 {
            db.transaction(|s| s.update::<Row>(id * 2, |r| r.lies = Plain(-1)))?;
            db.transaction(|s| s.delete_by_key::<Row>(id * 2 - 1))?;
        }
        db.transaction(|s| update::<Row>().filter(Row::N.eq(4)).set(Row::N, 1_000).exec(s))?;
        Ok(())
    })?;
    let by_n = select::<Row>().filter(Row::N.eq(1_000));
    assert!(by_n.explain(&db)?.access.starts_with("index"));
    assert_eq!(by_n.select(Row::ID).all(&db)?, [4, 54, 104, 154, 204, 254, 304, 354, 404, 454]);
    assert_eq!(select::<Row>().count(&db)?, 250);
    assert!(db.transaction(|s| s.add(Row { id: 999, ..row(4) })).is_err_and(|e| e.is_violation()));
    Ok(())
}

#[test]
fn a_column_that_lied_is_found_again_after_it_was_written_anew() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    struct Row {
        #[model(primary_key)]
        id: u64,
        #[model(index)]
        column: Plain,
        #[model(unique)]
        single: Plain,
    }
    let db = Database::new();
    let row = |id: u64| Row { id, column: Plain(id as i64), single: Plain(id as i64) };
    lying(99, || (1..=100).for_each(|id| drop(db.transaction(|s| s.add(row(id))))));
    let ids = select::<Row>().select(Row::ID).all(&db)?;
    assert!(ids.len() > 3);
    // a removal that misses its entry rebuilds the index, from the truth
    db.transaction(|s| delete::<Row>().exec(s))?;
    db.transaction(|s| s.add_all((1..=100).map(row)))?;
    for id in [1, 50, 100] {
        let query = select::<Row>().filter(Row::COLUMN.eq(Plain(id)));
        assert_eq!(query.select(Row::ID).all(&db)?, [id as u64]);
        let query = select::<Row>().filter(Row::SINGLE.eq(Plain(id)));
        assert_eq!(query.select(Row::ID).all(&db)?, [id as u64]);
    }
    db.assert_consistent();
    Ok(())
}
