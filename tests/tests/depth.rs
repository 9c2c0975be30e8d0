//! Depth: nothing recurses over user-sized data. What is that large runs on a stack of 128 KiB.
use memorm::prelude::*;
use memorm_tests::on_small_stack;

const MILLION: i64 = 1_000_000;
/// Long enough to overflow such a stack, and short enough for a build without optimisation.
const MANY: i64 = if cfg!(debug_assertions) { 100_000 } else { MILLION };

#[derive(Model, Clone, Debug)]
#[model(constructor = new)]
struct Row {
    #[model(primary_key)]
    id: i64,
    #[model(index)]
    n: i64,
    note: Option<i64>,
}

fn few_rows() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..=3).map(|id| Row::new(id, id * 10))))?;
    Ok(db)
}

fn ids(db: &Database, filter: Filter<Row>) -> memorm::Result<Vec<i64>> {
    select::<Row>().filter(filter).select(Row::ID).all(db)
}

/// Builds, runs, prints, clones and drops a condition of so many terms.
fn survives(terms: i64, expected: &[i64], build: impl FnOnce() -> Filter<Row> + Send) -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let filter = build();
        assert!(filter.inspect().steps().len() as i64 >= terms);
        assert!(filter.inspect().to_string().len() as i64 > terms);
        let query = select::<Row>().filter(filter.clone());
        assert_eq!(query.clone().select(Row::ID).all(&db)?, expected);
        drop(query);
        let mut session = db.session();
        assert_eq!(update::<Row>().filter(filter).set(Row::N, 0).exec(&mut session)?, expected.len());
        Ok(())
    })
}

#[test]
fn a_million_ors() -> memorm::Result<()> {
    survives(MILLION, &[2], || (0..MILLION).fold(Row::ID.eq(2), |filter, n| filter | Row::ID.eq(-n)))
}

#[test]
fn many_ors_added_in_front() -> memorm::Result<()> {
    survives(MANY, &[2], || (0..MANY).fold(Row::ID.eq(2), |filter, n| Row::ID.eq(-n) | filter))
}

#[test]
fn many_ands() -> memorm::Result<()> {
    survives(MANY, &[2, 3], || (0..MANY).fold(Row::ID.ge(2), |filter, n| filter & Row::N.gt(-n)))
}

#[test]
fn many_ands_of_equalities_with_an_index() -> memorm::Result<()> {
    survives(MANY, &[1], || (0..MANY).fold(Row::N.eq(10), |filter, _| filter & Row::N.eq(10)))
}

#[test]
fn many_nots() -> memorm::Result<()> {
    survives(MANY, &[2], || (0..MANY).fold(Row::ID.eq(2), |filter, _| !filter))
}

#[test]
fn many_times_and_and_or_in_turn() -> memorm::Result<()> {
    let step = |filter: Filter<Row>, n: i64| match n % 2 {
        0 => filter & Row::ID.gt(0),
        _ => filter | Row::ID.eq(-n),
    };
    survives(MANY, &[2], || (0..MANY).fold(Row::ID.eq(2), step))
}

#[test]
fn many_sums() -> memorm::Result<()> {
    survives(MANY, &[2], || (0..MANY).fold(Row::ID.expr(), |sum, _| sum + 1).eq(MANY + 2))
}

#[test]
fn many_coalesces() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let mut value = Row::NOTE.coalesce(Row::N);
        for n in 0..MANY {
            value = value.coalesce(n);
        }
        assert!(value.inspect().to_string().len() as i64 > MANY);
        assert_eq!(select::<Row>().order_by(value.clone()).select(value).all(&db)?, [10, 20, 30]);
        Ok(())
    })
}

#[test]
fn a_case_of_a_hundred_thousand_branches() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let branches =
            (0..100_000).fold(case().when(Row::ID.eq(2), 2i64), |case, n| case.when(Row::ID.eq(-n), n));
        let value = branches.otherwise(7);
        assert!(value.inspect().to_string().len() > 100_000);
        assert_eq!(select::<Row>().select(value).all(&db)?, [7, 2, 7]);
        Ok(())
    })
}

#[test]
fn a_million_values_in_a_list() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let filter = Row::N.in_(20..MILLION);
        assert!(!filter.inspect().to_string().is_empty());
        assert_eq!(ids(&db, filter.clone())?, [2, 3]);
        assert_eq!(ids(&db, !filter)?, [1]);
        Ok(())
    })
}

#[test]
fn a_hundred_thousand_filters_and_sort_keys_one_after_the_other() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let mut query = select::<Row>();
        for n in 0..100_000 {
            query = query.filter(Row::ID.gt(-n)).order_by(Row::NOTE);
        }
        assert_eq!(query.order_by(Row::ID.desc()).select(Row::ID).all(&db)?, [3, 2, 1]);
        Ok(())
    })
}

#[test]
fn ten_thousand_unions() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let one = |n: i64| select::<Row>().filter(Row::ID.eq(n % 5));
        let query = (0..10_000).fold(one(3), |query, n| query.union(one(n)));
        let printed = format!("{query:?}");
        assert!(printed.len() > 10_000);
        assert_eq!(query.clone().select(Row::ID).all(&db)?, [3, 1, 2]);
        assert_eq!(query.count(&db)?, 3);
        Ok(())
    })
}

#[test]
fn ten_thousand_set_operations_nested_inside_each_other() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let one = |n: i64| select::<Row>().filter(Row::ID.eq(n % 5));
        let unions = (0..10_000).fold(one(3), |query, n| one(n).union(query));
        assert_eq!(unions.clone().select(Row::ID).all(&db)?, [3, 2, 1]);
        assert_eq!(unions.count(&db)?, 3);
        let sums = (0..10_000).fold(one(3), |query, n| one(n).union_all(query));
        assert_eq!((sums.count(&db)?, sums.first(&db)?.map(|row| row.id)), (6_001, Some(3)));
        let shared = (0..10_000).fold(one(3), |query, _| select::<Row>().intersect(query));
        assert_eq!(shared.select(Row::ID).all(&db)?, [3]);
        Ok(())
    })
}

#[test]
fn ten_thousand_set_operations_that_make_no_chain_are_refused() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let one = |n: i64| select::<Row>().filter(Row::ID.eq(n % 5));
        let right = (0..10_000).fold(one(3), |query, n| one(n).except(query));
        let left = (0..10_000).fold(one(3), |query, n| query.limit(2).union(one(n)));
        let mixed = (0..10_000).fold(one(3), |query, n| match n % 2 {
            0 => one(n).union(query),
            _ => one(n).except(query),
        });
        let too_deep = || Some("queries nest deeper than 16".to_owned());
        for query in [right, left, mixed] {
            assert_eq!(query.clone().all(&db).err().map(|error| error.to_string()), too_deep());
            assert_eq!(query.count(&db).err().map(|error| error.to_string()), too_deep());
            let inside = select::<Row>().filter(Row::ID.in_(query.clone().select(Row::ID)));
            assert_eq!(inside.all(&db).err().map(|error| error.to_string()), too_deep());
        }
        Ok(())
    })
}

#[test]
fn sixteen_set_operations_inside_each_other() -> memorm::Result<()> {
    let db = few_rows()?;
    let nested = |depth| (0..depth).fold(select::<Row>(), |query, _| select::<Row>().except(query));
    assert_eq!(nested(16).select(Row::ID).all(&db)?, [1, 2, 3]);
    assert_eq!(nested(15).count(&db)?, 0);
    assert!(nested(16).to_sql(Dialect::Sqlite).is_ok());
    assert!(matches!(nested(17).all(&db), Err(memorm::Error::TooDeep { limit: 16 })));
    assert!(matches!(nested(17).to_sql(Dialect::Sqlite), Err(memorm::Error::TooDeep { limit: 16 })));
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Link {
    #[model(primary_key)]
    id: u32,
    #[model(references(Link, on_delete = cascade))]
    link_id: Option<u32>,
}

/// Each row refers to the one before it.
fn chain(db: &Database, length: u32) -> memorm::Result<()> {
    db.transaction(|s| {
        for start in (0..length).step_by(100_000) {
            let end = length.min(start + 100_000);
            s.add_all((start..end).map(|id| Link { id, link_id: id.checked_sub(1) }))?;
        }
        Ok(())
    })
}

#[test]
fn a_cascade_through_a_chain_of_a_million_rows() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = Database::new();
        chain(&db, MILLION as u32)?;
        let mut session = db.session();
        assert!(session.delete_by_key::<Link>(0)?);
        assert_eq!(select::<Link>().count(&session)?, 0);
        session.commit()?;
        assert_eq!(select::<Link>().count(&db)?, 0);
        Ok(())
    })
}

#[test]
fn a_cascade_round_a_cycle_of_a_hundred_thousand_rows_undone() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = Database::new();
        chain(&db, 100_000)?;
        let mut session = db.session();
        session.update::<Link>(0, |l| l.link_id = Some(99_999))?;
        let savepoint = session.savepoint();
        session.delete_by_key::<Link>(50_000)?;
        assert_eq!(select::<Link>().count(&session)?, 0);
        session.rollback_to(&savepoint)?;
        assert_eq!(select::<Link>().count(&session)?, 100_000);
        session.commit()?;
        Ok(())
    })
}

#[test]
fn a_hundred_thousand_versions_drop_without_a_deep_stack() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let mut held = Vec::new();
        for n in 0..100_000 {
            held.push(db.snapshot());
            db.transaction(|s| s.update::<Row>(1, |r| r.n = n))?;
        }
        assert_eq!(held[0].peek::<Row>(1).map(|r| r.n), Some(10));
        drop(held);
        drop(db);
        Ok(())
    })
}

#[test]
fn ten_thousand_nested_savepoints() -> memorm::Result<()> {
    on_small_stack(|| {
        let db = few_rows()?;
        let mut session = db.session();
        let first = session.savepoint();
        for n in 0..10_000 {
            session.update::<Row>(1, |r| r.n = n)?;
            session.savepoint();
        }
        session.rollback_to(&first)?;
        assert_eq!(session.get_one::<Row>(1)?.n, 10);
        Ok(())
    })
}
